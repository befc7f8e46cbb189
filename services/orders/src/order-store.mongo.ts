import { roundToCents } from '@sockshop/pricing';
import type { JsonLog } from '@sockshop/service';
import { isDuplicateKey, Mongo } from '@sockshop/store/mongo';
import type { Telemetry } from '@sockshop/telemetry';
import { type Model, Schema, Types } from 'mongoose';
import { masked, type Order } from './order.ts';
import {
  isFinished,
  type NextStatus,
  NOT_PLACED,
  type OrderStatus,
  transitionTo,
  type TasksDone,
} from './order-status.ts';
import { type CartTurn, type NewOrder, type OrderPage, OrderStore } from './order-store.ts';

/** The original's document, with our fields below. Documents of the original have none of these and count as shipped. */
interface OrderDocument {
  _id: Types.ObjectId;
  customerId: string;
  customer: { firstName: string; lastName: string; username: string };
  address: Order['address'];
  card: Order['card'];
  items: { _id: string | Types.ObjectId; itemId: string; quantity: number; unitPrice: number }[];
  shipment: { _id: string; name: string };
  date: Date;
  total: number;

  cartId?: string;
  cartTurn?: number;
  status?: OrderStatus;
  history?: { status: OrderStatus; at: Date }[];
  cartTaken?: boolean;
  shipmentSent?: boolean;
  unfinished?: boolean;
  touched?: Date;
  /** Unique; an order without a key has its id here. */
  idempotencyKey?: string;
}

/** Which order has, or had last, the lines of a cart. */
interface CartTurnDocument {
  /** The id of the cart. */
  _id: string;
  turn: number;
  orderId: string;
}

const cartTurnSchema = new Schema<CartTurnDocument>(
  { _id: String, turn: Number, orderId: String },
  { collection: 'cart_turn', versionKey: false },
);

const nested = { _id: false } as const;
const text = { type: String, default: '' };
const orderSchema = new Schema<OrderDocument>(
  {
    customerId: { type: String, required: true },
    customer: new Schema({ firstName: text, lastName: text, username: text }, nested),
    address: new Schema(
      { number: text, street: text, city: text, postcode: text, country: text },
      nested,
    ),
    card: new Schema({ longNum: text, expires: text, ccv: text }, nested),
    items: [new Schema({ _id: String, itemId: String, quantity: Number, unitPrice: Number })],
    shipment: new Schema({ _id: String, name: String }),
    date: { type: Date, required: true },
    total: { type: Number, required: true },
    cartId: String,
    cartTurn: Number,
    status: String,
    history: { type: [new Schema({ status: String, at: Date }, nested)], default: undefined },
    cartTaken: Boolean,
    shipmentSent: Boolean,
    unfinished: Boolean,
    touched: Date,
    idempotencyKey: String,
  },
  { collection: 'customerOrder', versionKey: false },
)
  .index({ customerId: 1, date: 1, _id: 1 })
  .index({ date: 1, _id: 1 })
  .index({ 'shipment._id': 1 })
  .index({ unfinished: 1, touched: 1 })
  .index({ idempotencyKey: 1 }, { unique: true, sparse: true });

/** `$nin` also finds the original's documents, which have no status. */
const IS_PLACED = { status: { $nin: NOT_PLACED } };

/** Uses only operators that MongoDB and FerretDB have in common; updates are atomic for one document. */
export class MongoOrderStore extends OrderStore {
  private readonly mongo: Mongo;
  private readonly orders: Model<OrderDocument>;
  private readonly turns: Model<CartTurnDocument>;

  constructor(url: string, telemetry: Telemetry, log: JsonLog) {
    super();
    this.mongo = new Mongo({
      url,
      database: 'data',
      name: 'orders-db',
      telemetry,
      log,
      prepare: () => this.orders.createIndexes(),
    });
    this.orders = this.mongo.connection.model<OrderDocument>('customerOrder', orderSchema);
    this.turns = this.mongo.connection.model<CartTurnDocument>('cart_turn', cartTurnSchema);
  }

  async insert(order: NewOrder, key: string | undefined): Promise<boolean> {
    const { id, items, shipment, ...same } = order;
    const at = new Date();
    try {
      await this.mongo.use(() =>
        this.orders.create({
          ...same,
          _id: new Types.ObjectId(id),
          items: items.map(({ id: _id, ...item }) => ({ _id, ...item })),
          shipment: { _id: shipment.id, name: shipment.name },
          status: 'CREATED',
          history: [{ status: 'CREATED', at }],
          cartTaken: false,
          shipmentSent: false,
          unfinished: true,
          touched: at,
          idempotencyKey: key ?? id,
        }),
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  byId(id: string): Promise<Order | undefined> {
    return this.one(Types.ObjectId.isValid(id) ? { _id: new Types.ObjectId(id) } : { _id: null });
  }

  byShipment(shipmentId: string): Promise<Order | undefined> {
    return this.one({ 'shipment._id': shipmentId });
  }

  async byCustomer(customerId: string, newestFirst: boolean): Promise<Order[]> {
    const found = await this.mongo.use(() =>
      this.orders
        .find({ customerId, ...IS_PLACED })
        .sort(byDate(newestFirst))
        .lean(),
    );
    return found.map(toOrder);
  }

  async page(page: number, size: number, newestFirst: boolean): Promise<OrderPage> {
    const found = await this.mongo.use(() =>
      this.orders
        .find(IS_PLACED)
        .sort(byDate(newestFirst))
        .skip(page * size)
        .limit(size)
        .lean(),
    );
    const total = await this.mongo.use(() => this.orders.countDocuments(IS_PLACED));
    return { orders: found.map(toOrder), total };
  }

  async advance(
    id: string,
    to: NextStatus,
    at: Date,
    cartTaken = false,
  ): Promise<Order | undefined> {
    const { from, shipmentSent, finished, releasesKey } = transitionTo(to, cartTaken);
    const before = { _id: new Types.ObjectId(id), status: { $in: from } };
    const set = {
      status: to,
      touched: new Date(),
      ...(releasesKey && { idempotencyKey: id }),
      ...(finished && { unfinished: false }),
      ...(cartTaken && { cartTaken }),
      ...(shipmentSent && { shipmentSent }),
    };
    const step = { $set: set, $push: { history: { status: to, at } } };
    const changed = await this.mongo.use(() =>
      this.orders.findOneAndUpdate(before, step, { returnDocument: 'after' }).lean(),
    );
    return changed ? toOrder(changed) : undefined;
  }

  async markDone(id: string, done: TasksDone): Promise<void> {
    const set = {
      ...(done.cartTaken && { cartTaken: true }),
      ...(done.shipmentSent && { shipmentSent: true }),
      ...(isFinished('PAID', done) && { unfinished: false }),
    };
    await this.mongo.use(() =>
      this.orders.updateOne({ _id: new Types.ObjectId(id) }, { $set: set }),
    );
  }

  async markShipmentsUnsent(changedBefore: Date): Promise<void> {
    const handedOver = { status: 'SHIPPING' as const, touched: { $lt: changedBefore } };
    const set = { shipmentSent: false, unfinished: true, touched: new Date(0) };
    await this.mongo.use(() => this.orders.updateMany(handedOver, { $set: set }));
  }

  async unfinished(changedBefore: Date, limit: number): Promise<string[]> {
    const found = await this.mongo.use(() =>
      this.orders
        .find({ unfinished: true, touched: { $lt: changedBefore } }, { _id: 1 })
        .sort({ touched: 1 })
        .limit(limit)
        .lean(),
    );
    return found.map(({ _id }) => _id.toString());
  }

  async claim(id: string, changedBefore: Date): Promise<Order | undefined> {
    const free = { _id: new Types.ObjectId(id), unfinished: true, touched: { $lt: changedBefore } };
    const claimed = await this.mongo.use(() =>
      this.orders
        .findOneAndUpdate(free, { $set: { touched: new Date() } }, { returnDocument: 'after' })
        .lean(),
    );
    return claimed ? toOrder(claimed) : undefined;
  }

  async cartTurn(cartId: string): Promise<CartTurn> {
    const found = await this.mongo.use(() => this.turns.findById(cartId).lean());
    return { turn: found?.turn ?? 0, orderId: found?.orderId };
  }

  async takeCartTurn(cartId: string, turn: number, orderId: string): Promise<boolean> {
    if (turn > 0) {
      const next = { $inc: { turn: 1 }, $set: { orderId } };
      const { matchedCount } = await this.mongo.use(() =>
        this.turns.updateOne({ _id: cartId, turn }, next),
      );
      return matchedCount > 0;
    }
    try {
      await this.mongo.use(() => this.turns.create({ _id: cartId, turn: 1, orderId }));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async delete(id: string): Promise<boolean> {
    if (!Types.ObjectId.isValid(id)) return false;
    const result = await this.mongo.use(() =>
      this.orders.deleteOne({ _id: new Types.ObjectId(id) }),
    );
    return result.deletedCount > 0;
  }

  ping(): Promise<void> {
    return this.mongo.ping();
  }

  close(): Promise<void> {
    return this.mongo.close();
  }

  protected keyHolder(key: string): Promise<Order | undefined> {
    return this.one({ idempotencyKey: key });
  }

  protected async releaseKey(id: string, key: string): Promise<void> {
    const holder = { _id: new Types.ObjectId(id), idempotencyKey: key };
    await this.mongo.use(() => this.orders.updateOne(holder, { $set: { idempotencyKey: id } }));
  }

  private async one(filter: Record<string, unknown>): Promise<Order | undefined> {
    const found = await this.mongo.use(() => this.orders.findOne(filter).lean());
    return found ? toOrder(found) : undefined;
  }
}

function byDate(newestFirst: boolean): { date: 1 | -1; _id: 1 | -1 } {
  const direction = newestFirst ? -1 : 1;
  return { date: direction, _id: direction };
}

/** The original stored null ids, amounts as inexact 32-bit floats, and full card numbers: none of these leaves the store. */
function toOrder(document: OrderDocument): Order {
  const { _id, customer, address, items, shipment, ...same } = document;
  const { firstName, lastName, username } = customer;
  const { number, street, city, postcode, country } = address;
  return {
    id: _id.toString(),
    customerId: same.customerId,
    customer: { firstName, lastName, username },
    address: { number, street, city, postcode, country },
    card: masked(same.card),
    items: items.map((item) => ({
      id: item._id.toString(),
      itemId: item.itemId,
      quantity: item.quantity,
      unitPrice: roundToCents(item.unitPrice),
    })),
    shipment: { id: shipment._id, name: shipment.name },
    date: same.date,
    total: roundToCents(same.total),
    cartId: same.cartId ?? same.customerId,
    ...(same.cartTurn !== undefined && { cartTurn: same.cartTurn }),
    status: same.status ?? 'SHIPPED',
    history: same.history ?? [],
    cartTaken: same.cartTaken ?? true,
    shipmentSent: same.shipmentSent ?? true,
  };
}
