import { isDuplicateKey, type Mongo } from '@sockshop/store/mongo';
import { untraced } from '@sockshop/tracing';
import type { mongo } from 'mongoose';
import type { Order } from './order.ts';
import {
  type CheckoutDocument,
  type OrderDocument,
  type PlacedKey,
  toOrder,
} from './order-document.mongo.ts';
import { isPlaced, NOT_PLACED, transitionTo } from './order-status.ts';

/** How long a moved order may stay in `checkout`, too: several leave it by one command. */
const LEAVE_MS = 500;

/**
 * The move of a paid order from `checkout` to `customerOrder`: an insert there, then a delete here. It may be interrupted anywhere, and
 * several calls may move one order at once: the insert succeeds once, and where an order is in both, `customerOrder` is right.
 */
export class OrderMove {
  /** The documents of paid orders whose move waits for the step to SHIPPING. */
  private readonly waiting = new WeakMap<Order, CheckoutDocument>();
  private leaving: CheckoutDocument[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly mongo: Mongo,
    private readonly orders: mongo.Collection<OrderDocument>,
    private readonly checkouts: mongo.Collection<CheckoutDocument | PlacedKey>,
  ) {}

  /** The order of a document in `checkout`; a placed one moves now. */
  async settled(document: CheckoutDocument): Promise<Order> {
    const order = toOrder(document);
    if (!isPlaced(order.status)) return order;
    const { idempotencyKey: _key, ...placed } = document;
    const { _id } = document;
    const moved = await this.insert(placed);
    const current = moved ? null : await this.mongo.use(() => this.orders.findOne({ _id }));
    await this.leave([document]);
    return current ? toOrder(current) : order;
  }

  /** The order of a document that has just become PAID. It moves with its step to SHIPPING, or when it is looked at before. */
  later(document: CheckoutDocument): Order {
    const order = toOrder(document);
    this.waiting.set(order, document);
    return order;
  }

  /** Moves a waiting order as SHIPPING: one insert for both. Undefined when it does not wait, or no longer. */
  async shipping(order: Order, at: Date, cartTaken: boolean): Promise<Order | undefined> {
    const document = this.waiting.get(order);
    if (!document) return undefined;
    this.waiting.delete(order);
    const { idempotencyKey: _key, history = [], ...paid } = document;
    const { finished, shipmentSent } = transitionTo('SHIPPING', cartTaken);
    const placed: OrderDocument = {
      ...paid,
      status: 'SHIPPING',
      history: [...history, { status: 'SHIPPING', at }],
      touched: new Date(),
      unfinished: !finished,
      cartTaken,
      shipmentSent,
    };
    if (!(await this.insert(placed))) return undefined;
    this.leaving.push(document);
    this.timer ??= setTimeout(() => void untraced(() => this.flush()), LEAVE_MS).unref();
    return toOrder(placed);
  }

  /** Takes what has moved out of `checkout`. What stays after a failure is taken out by the sweep. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const documents = this.leaving;
    this.leaving = [];
    if (documents.length > 0) await this.leave(documents).catch(() => undefined);
  }

  /** Takes orders that are not placed out of a `customerOrder` of a version that kept all orders there. */
  async takeBack(): Promise<void> {
    const notPlaced = { status: { $in: NOT_PLACED } };
    for (const document of await this.orders.find(notPlaced).toArray()) {
      const { _id } = document;
      const checkout = { idempotencyKey: _id.toString(), ...document };
      await this.checkouts.insertOne(checkout).catch(unlessThere);
      await this.orders.deleteOne({ _id, ...notPlaced });
    }
  }

  /** Of an order with an idempotency key the key stays. */
  private async leave(documents: readonly CheckoutDocument[]): Promise<void> {
    const hasKey = ({ _id, idempotencyKey }: CheckoutDocument) => idempotencyKey !== _id.toString();
    const gone = documents.filter((document) => !hasKey(document)).map(({ _id }) => _id);
    const keys = documents.filter(hasKey).map(({ _id, idempotencyKey }) => {
      const replacement: PlacedKey = { _id, idempotencyKey, placed: true };
      return { replaceOne: { filter: { _id }, replacement } };
    });
    await this.mongo.use(() =>
      Promise.all([
        gone.length > 0 && this.checkouts.deleteMany({ _id: { $in: gone } }),
        keys.length > 0 && this.checkouts.bulkWrite(keys, { ordered: false }),
      ]),
    );
  }

  /** False when the order is there already. */
  private async insert(document: OrderDocument): Promise<boolean> {
    const insert = () => this.orders.insertOne(document).then(() => true, unlessThere);
    return (await this.mongo.use(insert)) === true;
  }
}

function unlessThere(error: unknown): void {
  if (!isDuplicateKey(error)) throw error;
}
