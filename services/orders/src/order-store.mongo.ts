import type { JsonLog } from '@sockshop/service';
import { isDuplicateKey, Mongo } from '@sockshop/store/mongo';
import type { Telemetry } from '@sockshop/telemetry';
import { type Model, type mongo, Types } from 'mongoose';
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
import { OrderMove } from './order-move.mongo.ts';
import {
  isFinished,
  isPlaced,
  type NextStatus,
  transitionTo,
  type TasksDone,
} from './order-status.ts';
import {
  type CartTurn,
  type NewOrder,
  type OrderPage,
  OrderStore,
  type Part,
} from './order-store.ts';

const AFTER = { returnDocument: 'after' } as const;

/**
 * Keeps placed orders in `customerOrder`, where an original orders finds them too, and all others in `checkout`: the original knows no
 * status and would show a declined order as shipped. The step to PAID happens once because it is an update of one document in `checkout`;
 * then the order moves. One whose move waits or was interrupted is PAID there; each look at it and the sweep finish the move.
 * Uses only operators that MongoDB and FerretDB have in common; updates are atomic for one document. What each checkout does goes to the
 * driver: Mongoose took an eighth of the time of orders for checking documents that the types have checked.
 */
export class MongoOrderStore extends OrderStore {
  private readonly mongo: Mongo;
  private readonly orders: Model<OrderDocument>;
  private readonly checkouts: Model<CheckoutDocument>;
  private readonly placed: mongo.Collection<OrderDocument>;
  private readonly unplaced: mongo.Collection<CheckoutDocument>;
  private readonly cartTurns: mongo.Collection<CartTurnDocument>;
  private readonly move: OrderMove;

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
    const { connection } = this.mongo;
    this.orders = connection.model<OrderDocument>('customerOrder', orderSchema);
    this.checkouts = connection.model<CheckoutDocument>('checkout', checkoutSchema);
    connection.model<CartTurnDocument>('cart_turn', cartTurnSchema);
    this.placed = connection.collection<OrderDocument>('customerOrder');
    this.unplaced = connection.collection<CheckoutDocument>('checkout');
    this.cartTurns = connection.collection<CartTurnDocument>('cart_turn');
    this.move = new OrderMove(this.mongo, this.placed, connection.collection('checkout'));
  }

  async insert(order: NewOrder, key: string | undefined): Promise<boolean> {
    const { id, items, shipment, ...same } = order;
    const at = new Date();
    try {
      await this.mongo.use(() =>
        this.unplaced.insertOne({
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

  async byCustomer(customerId: string, newestFirst: boolean, part?: Part): Promise<Order[]> {
    const options = { sort: byDate(newestFirst), ...part };
    const found = await this.mongo.use(() => this.placed.find({ customerId }, options).toArray());
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
    if (transitionTo(to, cartTaken).from.some(isPlaced)) {
      return this.step({ _id: new Types.ObjectId(id) }, to, at, cartTaken);
    }
    const changed = await this.leaveCreated(id, to, at);
    return changed ? this.move.settled(changed) : undefined;
  }

  override async markPaid(id: string, at: Date): Promise<Order | undefined> {
    const changed = await this.leaveCreated(id, 'PAID', at);
    return changed ? this.move.later(changed) : undefined;
  }

  override async shipping(order: Order, at: Date, cartTaken: boolean): Promise<Order | undefined> {
    const moved = await this.move.shipping(order, at, cartTaken);
    return moved ?? this.advance(order.id, 'SHIPPING', at, cartTaken);
  }

  shipped(shipmentId: string, at: Date): Promise<Order | undefined> {
    return this.step({ 'shipment._id': shipmentId }, 'SHIPPED', at, false);
  }

  async markDone(id: string, done: TasksDone): Promise<void> {
    const set = {
      ...(done.cartTaken && { cartTaken: true }),
      ...(done.shipmentSent && { shipmentSent: true }),
      ...(isFinished('PAID', done) && { unfinished: false }),
    };
    const _id = new Types.ObjectId(id);
    const note = () => this.mongo.use(() => this.placed.updateOne({ _id }, { $set: set }));
    if ((await note()).matchedCount === 0 && (await this.byId(id))) await note(); // it had not moved yet
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
    const placed = await this.mongo.use(() => this.placed.findOneAndUpdate(free, now, AFTER));
    if (placed) return toOrder(placed);
    const other = await this.mongo.use(() => this.unplaced.findOneAndUpdate(free, now, AFTER));
    if (!other) return undefined;
    const order = await this.move.settled(other);
    return isFinished(order.status, order) ? undefined : order; // it had moved, and was only left there
  }

  async cartTurn(cartId: string): Promise<CartTurn> {
    const found = await this.mongo.use(() => this.cartTurns.findOne({ _id: cartId }));
    return { turn: found?.turn ?? 0, orderId: found?.orderId };
  }

  async takeCartTurn(cartId: string, turn: number, orderId: string): Promise<boolean> {
    if (turn > 0) {
      const next = { $inc: { turn: 1 }, $set: { orderId } };
      const { matchedCount } = await this.mongo.use(() =>
        this.cartTurns.updateOne({ _id: cartId, turn }, next),
      );
      return matchedCount > 0;
    }
    try {
      await this.mongo.use(() => this.cartTurns.insertOne({ _id: cartId, turn: 1, orderId }));
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

  async close(): Promise<void> {
    await this.move.flush();
    await this.mongo.close();
  }

  protected async keyHolder(key: string): Promise<Order | undefined> {
    const found = await this.mongo.use(() =>
      this.checkouts.findOne({ idempotencyKey: key }).lean(),
    );
    if (!found) return undefined;
    return isPlacedKey(found) ? this.byId(found._id.toString()) : this.move.settled(found);
  }

  protected async releaseKey(id: string, key: string): Promise<void> {
    const holder = { _id: new Types.ObjectId(id), idempotencyKey: key };
    await this.mongo.use(() => this.checkouts.updateOne(holder, { $set: { idempotencyKey: id } }));
  }

  /** An order that moves between the first two looks is found by the third. */
  private async one(filter: Record<string, unknown>): Promise<Order | undefined> {
    const placed = () => this.mongo.use(() => this.placed.findOne(filter));
    const first = await placed();
    if (first) return toOrder(first);
    const other = await this.mongo.use(() => this.unplaced.findOne(filter));
    if (other && !isPlacedKey(other)) return this.move.settled(other);
    const moved = await placed();
    return moved ? toOrder(moved) : undefined;
  }

  private async step(
    which: mongo.Filter<OrderDocument>,
    to: NextStatus,
    at: Date,
    cartTaken: boolean,
  ): Promise<Order | undefined> {
    const before = { ...which, status: { $in: transitionTo(to, cartTaken).from } };
    const change = changeTo(to, at, cartTaken);
    const changed = await this.mongo.use(() => this.placed.findOneAndUpdate(before, change, AFTER));
    return changed ? toOrder(changed) : undefined;
  }

  private leaveCreated(id: string, to: NextStatus, at: Date): Promise<CheckoutDocument | null> {
    const { from, releasesKey } = transitionTo(to, false);
    const before = { _id: new Types.ObjectId(id), status: { $in: from } };
    const { $set, $push } = changeTo(to, at, false);
    const key = releasesKey ? { idempotencyKey: id } : {};
    const change = { $set: { ...$set, ...key }, $push };
    return this.mongo.use(() => this.unplaced.findOneAndUpdate(before, change, AFTER));
  }

  private async prepare(): Promise<void> {
    await this.orders.createIndexes();
    await this.checkouts.createIndexes();
    await this.move.takeBack();
  }
}

function isPlacedKey(document: object): document is PlacedKey {
  return 'placed' in document;
}

function changeTo(to: NextStatus, at: Date, cartTaken: boolean) {
  const { shipmentSent, finished } = transitionTo(to, cartTaken);
  const set = {
    status: to,
    touched: new Date(),
    ...(finished && { unfinished: false }),
    ...(cartTaken && { cartTaken }),
    ...(shipmentSent && { shipmentSent }),
  };
  return { $set: set, $push: { history: { status: to, at } } };
}

function byDate(newestFirst: boolean): { date: 1 | -1; _id: 1 | -1 } {
  const direction = newestFirst ? -1 : 1;
  return { date: direction, _id: direction };
}
