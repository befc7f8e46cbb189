import { type Row, Sqlite } from '@sockshop/store/sqlite';
import type { Telemetry } from '@sockshop/telemetry';
import type { Order } from './order.ts';
import {
  isFinished,
  type NextStatus,
  type OrderStatus,
  PLACED,
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

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS customer_order (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    date INTEGER NOT NULL,
    status TEXT NOT NULL,
    history TEXT NOT NULL,
    cart_taken INTEGER NOT NULL DEFAULT 0,
    shipment_sent INTEGER NOT NULL DEFAULT 0,
    unfinished INTEGER NOT NULL DEFAULT 1,
    touched INTEGER NOT NULL,
    document TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS cart_turn (
    cart_id TEXT PRIMARY KEY,
    turn INTEGER NOT NULL,
    order_id TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS order_customer ON customer_order (customer_id, date);
  CREATE INDEX IF NOT EXISTS order_shipment ON customer_order (shipment_id);
  CREATE INDEX IF NOT EXISTS order_date ON customer_order (date);
  CREATE INDEX IF NOT EXISTS order_unfinished ON customer_order (touched) WHERE unfinished`;

const IS_PLACED = `status IN (${PLACED.map((status) => `'${status}'`).join(', ')})`;

/** Columns hold what is searched or changed; `document` holds the rest, which never changes. */
export class SqliteOrderStore extends OrderStore {
  private readonly db: Sqlite;

  constructor(url: string, telemetry: Telemetry) {
    super();
    this.db = new Sqlite(url, 'orders', telemetry, SCHEMA);
  }

  insert(order: NewOrder, key: string | undefined): Promise<boolean> {
    const { id, customerId, date, ...document } = order;
    const at = Date.now();
    const stored = this.db.run(
      'INSERT customer_order',
      `INSERT INTO customer_order
         (id, customer_id, shipment_id, idempotency_key, date, status, history, touched, document)
       VALUES (?, ?, ?, ?, ?, 'CREATED', ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING`,
      id,
      customerId,
      order.shipment.id,
      key ?? null,
      date.getTime(),
      JSON.stringify([{ status: 'CREATED', at }]),
      at,
      JSON.stringify(document),
    );
    return Promise.resolve(stored > 0);
  }

  byId(id: string): Promise<Order | undefined> {
    return Promise.resolve(this.one('id = ?', id));
  }

  byShipment(shipmentId: string): Promise<Order | undefined> {
    return Promise.resolve(this.one('shipment_id = ?', shipmentId));
  }

  byCustomer(customerId: string, newestFirst: boolean, part?: Part): Promise<Order[]> {
    const rows = this.db.all(
      'SELECT customer_order',
      `SELECT * FROM customer_order WHERE customer_id = ? AND ${IS_PLACED} ORDER BY date ${direction(newestFirst)} LIMIT ? OFFSET ?`,
      customerId,
      part?.limit ?? -1,
      part?.skip ?? 0,
    );
    return Promise.resolve(rows.map(toOrder));
  }

  page(page: number, size: number, newestFirst: boolean): Promise<OrderPage> {
    const rows = this.db.all(
      'SELECT customer_order',
      `SELECT * FROM customer_order WHERE ${IS_PLACED} ORDER BY date ${direction(newestFirst)} LIMIT ? OFFSET ?`,
      size,
      page * size,
    );
    const count = this.db.get(
      'SELECT customer_order',
      `SELECT count(*) AS total FROM customer_order WHERE ${IS_PLACED}`,
    );
    return Promise.resolve({ orders: rows.map(toOrder), total: Number(count?.['total']) });
  }

  advance(id: string, to: NextStatus, at: Date, cartTaken = false): Promise<Order | undefined> {
    return this.step('id', id, to, at, cartTaken);
  }

  shipped(shipmentId: string, at: Date): Promise<Order | undefined> {
    return this.step('shipment_id', shipmentId, 'SHIPPED', at, false);
  }

  markDone(id: string, done: TasksDone): Promise<void> {
    this.db.run(
      'UPDATE customer_order',
      `UPDATE customer_order SET cart_taken = cart_taken OR ?, shipment_sent = shipment_sent OR ?,
         unfinished = unfinished AND NOT ? WHERE id = ?`,
      Number(done.cartTaken),
      Number(done.shipmentSent),
      Number(isFinished('PAID', done)),
      id,
    );
    return Promise.resolve();
  }

  markShipmentsUnsent(changedBefore: Date): Promise<void> {
    this.db.run(
      'UPDATE customer_order',
      `UPDATE customer_order SET shipment_sent = 0, unfinished = 1, touched = 0
       WHERE status = 'SHIPPING' AND touched < ?`,
      changedBefore.getTime(),
    );
    return Promise.resolve();
  }

  unfinished(changedBefore: Date, limit: number): Promise<string[]> {
    const rows = this.db.all(
      'SELECT customer_order',
      'SELECT id FROM customer_order WHERE unfinished AND touched < ? ORDER BY touched LIMIT ?',
      changedBefore.getTime(),
      limit,
    );
    return Promise.resolve(rows.map((row) => String(row['id'])));
  }

  claim(id: string, changedBefore: Date): Promise<Order | undefined> {
    const row = this.db.get(
      'UPDATE customer_order',
      'UPDATE customer_order SET touched = ? WHERE id = ? AND unfinished AND touched < ? RETURNING *',
      Date.now(),
      id,
      changedBefore.getTime(),
    );
    return Promise.resolve(row && toOrder(row));
  }

  cartTurn(cartId: string): Promise<CartTurn> {
    const row = this.db.get(
      'SELECT cart_turn',
      'SELECT turn, order_id FROM cart_turn WHERE cart_id = ?',
      cartId,
    );
    return Promise.resolve(
      row ? { turn: Number(row['turn']), orderId: String(row['order_id']) } : { turn: 0 },
    );
  }

  takeCartTurn(cartId: string, turn: number, orderId: string): Promise<boolean> {
    const changed = this.db.run(
      'INSERT cart_turn',
      `INSERT INTO cart_turn (cart_id, turn, order_id) VALUES (?, 1, ?)
       ON CONFLICT DO UPDATE SET turn = turn + 1, order_id = excluded.order_id WHERE turn = ?`,
      cartId,
      orderId,
      turn,
    );
    return Promise.resolve(changed > 0);
  }

  delete(id: string): Promise<boolean> {
    const changed = this.db.run(
      'DELETE customer_order',
      'DELETE FROM customer_order WHERE id = ?',
      id,
    );
    return Promise.resolve(changed > 0);
  }

  ping(): Promise<void> {
    return this.db.ping();
  }

  close(): void {
    this.db.close();
  }

  protected keyHolder(key: string): Promise<Order | undefined> {
    return Promise.resolve(this.one('idempotency_key = ?', key));
  }

  protected releaseKey(id: string, key: string): Promise<void> {
    this.db.run(
      'UPDATE customer_order',
      'UPDATE customer_order SET idempotency_key = NULL WHERE id = ? AND idempotency_key = ?',
      id,
      key,
    );
    return Promise.resolve();
  }

  private step(
    column: 'id' | 'shipment_id',
    value: string,
    to: NextStatus,
    at: Date,
    cartTaken: boolean,
  ): Promise<Order | undefined> {
    const { from, shipmentSent, finished, releasesKey } = transitionTo(to, cartTaken);
    const row = this.db.get(
      'UPDATE customer_order',
      `UPDATE customer_order SET status = ?, touched = ?,
         cart_taken = cart_taken OR ?, shipment_sent = shipment_sent OR ?,
         unfinished = unfinished AND NOT ?,
         idempotency_key = CASE WHEN ? THEN NULL ELSE idempotency_key END,
         history = json_insert(history, '$[#]', json(?))
       WHERE ${column} = ? AND status IN (${from.map(() => '?').join(', ')}) RETURNING *`,
      to,
      Date.now(),
      Number(cartTaken),
      Number(shipmentSent),
      Number(finished),
      Number(releasesKey),
      JSON.stringify({ status: to, at: at.getTime() }),
      value,
      ...from,
    );
    return Promise.resolve(row && toOrder(row));
  }

  private one(condition: string, value: string): Order | undefined {
    const sql = `SELECT * FROM customer_order WHERE ${condition}`;
    const row = this.db.get('SELECT customer_order', sql, value);
    return row && toOrder(row);
  }
}

function direction(newestFirst: boolean): string {
  return newestFirst ? 'DESC, rowid DESC' : 'ASC, rowid ASC';
}

type Document = Omit<NewOrder, 'id' | 'customerId' | 'date'>;

function toOrder(row: Row): Order {
  const document = JSON.parse(String(row['document'])) as Document; // written by insert()
  const history = JSON.parse(String(row['history'])) as { status: OrderStatus; at: number }[]; // written above
  return {
    ...document,
    id: String(row['id']),
    customerId: String(row['customer_id']),
    date: new Date(Number(row['date'])),
    status: String(row['status']) as OrderStatus, // only statuses are ever stored
    history: history.map(({ status, at }) => ({ status, at: new Date(at) })),
    cartTaken: row['cart_taken'] === 1,
    shipmentSent: row['shipment_sent'] === 1,
  };
}
