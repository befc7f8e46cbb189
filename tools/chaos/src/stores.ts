import { MongoClient, ObjectId } from 'mongodb';
import type { Stored, StoredOrder } from './reconcile.ts';

interface OrderDocument {
  _id: ObjectId;
  customer: { username: string };
  customerId: string;
  status: string;
  history: { status: string }[];
  items: { itemId: string; quantity: number }[];
  unfinished: boolean;
}

/** An order that is not placed, or what is left here of a placed one: its key. */
interface CheckoutDocument extends Partial<OrderDocument> {
  _id: ObjectId;
  idempotencyKey: string;
}

interface LineDocument {
  customerId: string;
  itemId: string;
  quantity: number;
}

interface CustomerDocument {
  _id: ObjectId;
  username: string;
}

/** The shop's stores, read directly: neither services nor logs are asked. */
export class Stores {
  private readonly client: MongoClient;

  constructor(mongoUrl: string) {
    this.client = new MongoClient(mongoUrl);
  }

  /** Orders that the shop still has something to do for. */
  async underWay(): Promise<number> {
    const open = { $in: ['CREATED', 'PAID', 'SHIPPING'] };
    const [moving, unfinished, checkouts] = await Promise.all([
      this.orders.countDocuments({ status: open }),
      this.orders.countDocuments({ unfinished: true }),
      this.checkouts.countDocuments({ unfinished: true }),
    ]);
    return Math.max(moving, unfinished) + checkouts;
  }

  async read(): Promise<Stored> {
    const checkouts = await this.checkouts.find().toArray();
    const keys = new Map(checkouts.map((each) => [each._id.toString(), each.idempotencyKey]));
    const documents = [...(await this.orders.find().toArray()), ...checkouts.filter(isOrder)];
    const orders = documents.map((each) => toOrder(each, keys.get(each._id.toString()) ?? ''));
    const customers = await this.client
      .db('users')
      .collection<CustomerDocument>('customers')
      .find()
      .toArray();
    const names = new Map(customers.map(({ _id, username }) => [_id.toString(), username]));
    const lines = await this.client
      .db('data')
      .collection<LineDocument>('cart_item')
      .find({ quantity: { $gt: 0 } })
      .toArray();
    const carts = new Map<string, Map<string, number>>();
    for (const { customerId, itemId, quantity } of lines) {
      const username = names.get(customerId) ?? customerId; // a guest's cart has no name
      const cart = carts.get(username) ?? new Map<string, number>();
      carts.set(username, cart.set(itemId, quantity));
    }
    return { orders, carts };
  }

  async deleteOrder(id: string): Promise<boolean> {
    const { deletedCount } = await this.orders.deleteOne({ _id: new ObjectId(id) });
    return deletedCount === 1;
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private get orders() {
    return this.client.db('data').collection<OrderDocument>('customerOrder');
  }

  private get checkouts() {
    return this.client.db('data').collection<CheckoutDocument>('checkout');
  }
}

function isOrder(document: CheckoutDocument): document is CheckoutDocument & OrderDocument {
  return document.status !== undefined;
}

function toOrder(document: OrderDocument, idempotencyKey: string): StoredOrder {
  const { _id, customer, customerId, status, history, items } = document;
  return {
    id: _id.toString(),
    username: customer.username,
    key: idempotencyKey.replace(`${customerId}:`, ''),
    status,
    history: history.map((step) => step.status),
    items,
  };
}
