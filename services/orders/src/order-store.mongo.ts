import type { JsonLog } from '@sockshop/service';
import { isDuplicateKey, Mongo } from '@sockshop/store/mongo';
import type { Telemetry } from '@sockshop/telemetry';
import { type Model, Types } from 'mongoose';
import type { Order } from './order.ts';
import {
  type CartTurnDocument,
  cartTurnSchema,
  type CheckoutDocument,
  checkoutSchema,
  type OrderDocument,
  orderSchema,
  type PlacedKey,
  toOrder,
} from './order-document.mongo.ts';
import {
  isFinished,
  isPlaced,
  type NextStatus,
  NOT_PLACED,
  transitionTo,
  type TasksDone,
} from './order-status.ts';
import { type CartTurn, type NewOrder, type OrderPage, OrderStore } from './order-store.ts';

const AFTER = { returnDocument: 'after' } as const;

/**
 * Keeps placed orders in `customerOrder`, where an original orders finds them too, and all others in `checkout`: the original knows no
 * status and would show a declined order as shipped. The step to PAID moves an order, and happens once because it is an update of one
 * document in `checkout`. An order whose move was interrupted is PAID there; each read and the sweep finish the move.
 * Uses only operators that MongoDB and FerretDB have in common; updates are atomic for one document.
 */
export class MongoOrderStore extends OrderStore {
  private readonly mongo: Mongo;
  private readonly orders: Model<OrderDocument>;
  private readonly checkouts: Model<CheckoutDocument>;
  private readonly turns: Model<CartTurnDocument>;

  constructor(url: string, telemetry: Telemetry, log: JsonLog) {
    super();
    this.mongo = new Mongo({
      url,
      database: 'data',
      name: 'orders-db',
      telemetry,
      log,
      prepare: () => this.prepare(),
    });
    this.orders = this.mongo.connection.model<OrderDocument>('customerOrder', orderSchema);
    this.checkouts = this.mongo.connection.model<CheckoutDocument>('checkout', checkoutSchema);
    this.turns = this.mongo.connection.model<CartTurnDocument>('cart_turn', cartTurnSchema);
  }

  async insert(order: NewOrder, key: string | undefined): Promise<boolean> {
    const { id, items, shipment, ...same } = order;
    const at = new Date();
    try {
      await this.mongo.use(() =>
        this.checkouts.create({
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
      this.orders.find({ customerId }).sort(byDate(newestFirst)).lean(),
    );
    return found.map(toOrder);
  }

  async page(page: number, size: number, newestFirst: boolean): Promise<OrderPage> {
    const found = await this.mongo.use(() =>
      this.orders
        .find()
        .sort(byDate(newestFirst))
        .skip(page * size)
        .limit(size)
        .lean(),
    );
    const total = await this.mongo.use(() => this.orders.countDocuments());
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
    if (from.some(isPlaced)) {
      const changed = await this.mongo.use(() =>
        this.orders.findOneAndUpdate(before, step, AFTER).lean(),
      );
      return changed ? toOrder(changed) : undefined;
    }
    const changed = await this.mongo.use(() =>
      this.checkouts.findOneAndUpdate(before, step, AFTER).lean(),
    );
    return changed ? this.settled(changed) : undefined;
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
    const waiting = { unfinished: true, touched: { $lt: changedBefore } };
    const [placed, others] = await this.mongo.use(() =>
      Promise.all([
        this.orders.find(waiting, { touched: 1 }).sort({ touched: 1 }).limit(limit).lean(),
        this.checkouts.find(waiting, { touched: 1 }).sort({ touched: 1 }).limit(limit).lean(),
      ]),
    );
    return [...placed, ...others]
      .sort((a, b) => Number(a.touched) - Number(b.touched))
      .slice(0, limit)
      .map(({ _id }) => _id.toString());
  }

  async claim(id: string, changedBefore: Date): Promise<Order | undefined> {
    const free = { _id: new Types.ObjectId(id), unfinished: true, touched: { $lt: changedBefore } };
    const now = { $set: { touched: new Date() } };
    const placed = await this.mongo.use(() =>
      this.orders.findOneAndUpdate(free, now, AFTER).lean(),
    );
    if (placed) return toOrder(placed);
    const other = await this.mongo.use(() =>
      this.checkouts.findOneAndUpdate(free, now, AFTER).lean(),
    );
    return other ? this.settled(other) : undefined;
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
    const _id = new Types.ObjectId(id);
    return this.mongo.use(async () => {
      const { deletedCount } = await this.orders.deleteOne({ _id });
      const other = await this.checkouts.findOneAndDelete({ _id }).lean();
      return deletedCount > 0 || (other !== null && !isPlacedKey(other));
    });
  }

  ping(): Promise<void> {
    return this.mongo.ping();
  }

  close(): Promise<void> {
    return this.mongo.close();
  }

  protected async keyHolder(key: string): Promise<Order | undefined> {
    const found = await this.mongo.use(() =>
      this.checkouts.findOne({ idempotencyKey: key }).lean(),
    );
    if (!found) return undefined;
    return isPlacedKey(found) ? this.byId(found._id.toString()) : this.settled(found);
  }

  protected async releaseKey(id: string, key: string): Promise<void> {
    const holder = { _id: new Types.ObjectId(id), idempotencyKey: key };
    await this.mongo.use(() => this.checkouts.updateOne(holder, { $set: { idempotencyKey: id } }));
  }

  /** An order that moves between the first two looks is found by the third. */
  private async one(filter: Record<string, unknown>): Promise<Order | undefined> {
    const placed = () => this.mongo.use(() => this.orders.findOne(filter).lean());
    const first = await placed();
    if (first) return toOrder(first);
    const other = await this.mongo.use(() => this.checkouts.findOne(filter).lean());
    if (other && !isPlacedKey(other)) return this.settled(other);
    const moved = await placed();
    return moved ? toOrder(moved) : undefined;
  }

  /** The order of a document in `checkout`; a placed one moves to `customerOrder` first. Several calls may move it at once. */
  private async settled(document: CheckoutDocument): Promise<Order> {
    const order = toOrder(document);
    if (!isPlaced(order.status)) return order;
    const { idempotencyKey, ...placed } = document;
    const { _id } = placed;
    await this.mongo.use(async () => {
      await this.orders.create(placed).catch(unlessThere);
      const key: PlacedKey = { _id, idempotencyKey, placed: true };
      if (idempotencyKey === order.id) await this.checkouts.deleteOne({ _id });
      else await this.checkouts.collection.replaceOne({ _id }, key);
    });
    return order;
  }

  /** Also takes orders that are not placed out of a `customerOrder` of a version that kept all orders there. */
  private async prepare(): Promise<void> {
    await this.orders.createIndexes();
    await this.checkouts.createIndexes();
    const notPlaced = { status: { $in: NOT_PLACED } };
    for (const document of await this.orders.find(notPlaced).lean()) {
      const idempotencyKey = document._id.toString();
      await this.checkouts.create({ idempotencyKey, ...document }).catch(unlessThere);
      await this.orders.deleteOne({ _id: document._id, ...notPlaced });
    }
  }
}

function isPlacedKey(document: object): document is PlacedKey {
  return 'placed' in document;
}

function unlessThere(error: unknown): void {
  if (!isDuplicateKey(error)) throw error;
}

function byDate(newestFirst: boolean): { date: 1 | -1; _id: 1 | -1 } {
  const direction = newestFirst ? -1 : 1;
  return { date: direction, _id: direction };
}
