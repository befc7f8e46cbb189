import { Sqlite, type Row } from '@sockshop/store/sqlite';
import type { Telemetry } from '@sockshop/telemetry';
import { untraced } from '@sockshop/tracing';
import { randomBytes } from 'node:crypto';
import {
  type Change,
  changed,
  type CartLine,
  CartStore,
  CUSTOMER_ID,
  guestExpiry,
  type Keeping,
  lineId,
  MAX_MARKS,
  MAX_QUANTITY,
  type NewLine,
} from './cart-store.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cart_item (
    customer_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    id TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price REAL NOT NULL,
    marks TEXT NOT NULL DEFAULT '[]',
    emptied INTEGER NOT NULL DEFAULT 0,
    UNIQUE (customer_id, item_id)
  );
  CREATE TABLE IF NOT EXISTS guest_cart (
    customer_id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  )`;

export class SqliteCartStore extends CartStore {
  private readonly db: Sqlite;

  constructor(
    url: string,
    private readonly keeping: Keeping,
    telemetry: Telemetry,
  ) {
    super();
    this.db = new Sqlite(url, 'carts', telemetry, SCHEMA);
    this.keepOlderCarts();
  }

  items(customerId: string): Promise<CartLine[]> {
    const rows = this.db.all(
      'SELECT cart_item',
      'SELECT * FROM cart_item WHERE customer_id = ? AND quantity > 0 ORDER BY rowid',
      customerId,
    );
    return Promise.resolve(rows.map(toLine));
  }

  item(customerId: string, itemId: string): Promise<CartLine | undefined> {
    const row = this.find(customerId, itemId);
    return Promise.resolve(row && Number(row['quantity']) > 0 ? toLine(row) : undefined);
  }

  add(customerId: string, line: NewLine): Promise<CartLine | undefined> {
    this.keep(customerId);
    const row = this.db.get(
      'INSERT cart_item',
      `INSERT INTO cart_item (customer_id, item_id, id, quantity, unit_price) VALUES (?1, ?2, ?3, ?4, coalesce(?5, 0))
       ON CONFLICT DO UPDATE SET unit_price = coalesce(?5, unit_price),
         quantity = CASE quantity WHEN 0 THEN excluded.quantity ELSE quantity + 1 END
         WHERE quantity < ${MAX_QUANTITY} RETURNING *`,
      customerId,
      line.itemId,
      newId(),
      line.quantity,
      line.unitPrice ?? null,
    );
    return Promise.resolve(row && toLine(row));
  }

  setQuantity(
    customerId: string,
    itemId: string,
    quantity: number,
    unitPrice: number | undefined,
  ): Promise<boolean> {
    this.keep(customerId);
    const changed = this.db.run(
      'UPDATE cart_item',
      `UPDATE cart_item SET quantity = ?, unit_price = coalesce(?, unit_price)
       WHERE customer_id = ? AND item_id = ? AND quantity > 0`,
      quantity,
      unitPrice ?? null,
      customerId,
      itemId,
    );
    return Promise.resolve(changed > 0);
  }

  remove(customerId: string, itemId: string): Promise<boolean> {
    const changed = this.db.run(
      'UPDATE cart_item',
      'UPDATE cart_item SET quantity = 0, emptied = emptied + 1 WHERE customer_id = ? AND item_id = ? AND quantity > 0',
      customerId,
      itemId,
    );
    return Promise.resolve(changed > 0);
  }

  clear(customerId: string): Promise<void> {
    this.db.run(
      'UPDATE cart_item',
      'UPDATE cart_item SET quantity = 0, emptied = emptied + 1 WHERE customer_id = ? AND quantity > 0',
      customerId,
    );
    return Promise.resolve();
  }

  changeOnce(customerId: string, changes: readonly Change[], mark: string): Promise<void> {
    this.db.transaction(() => {
      const rows = this.db.all(
        'SELECT cart_item',
        `SELECT * FROM cart_item WHERE customer_id = ?
           AND item_id IN (SELECT value FROM json_each(?))`,
        customerId,
        JSON.stringify(changes.map(({ itemId }) => itemId)),
      );
      const byItem = new Map(rows.map((row) => [row['item_id'], row]));
      const lines = changes.flatMap((change) => {
        const row = byItem.get(change.itemId);
        const marks = row ? (JSON.parse(String(row['marks'])) as string[]) : []; // written below
        if (marks.includes(mark)) return [];
        const quantity = changed(Number(row?.['quantity'] ?? 0), row && toLine(row).id, change);
        return [{ ...change, id: newId(), quantity, marks: [...marks, mark].slice(-MAX_MARKS) }];
      });
      if (lines.length === 0) return;
      this.keep(customerId);
      this.db.run(
        'INSERT cart_item',
        `INSERT INTO cart_item (customer_id, item_id, id, quantity, unit_price, marks)
         SELECT ?, value->>'itemId', value->>'id', value->>'quantity', value->>'unitPrice', value->'marks'
         FROM json_each(?) WHERE true
         ON CONFLICT DO UPDATE SET quantity = excluded.quantity, marks = excluded.marks,
           emptied = emptied + (excluded.quantity = 0)`,
        customerId,
        JSON.stringify(lines),
      );
    });
    return Promise.resolve();
  }

  drop(customerId: string, itemId: string): Promise<CartLine | undefined> {
    const row = this.db.get(
      'DELETE cart_item',
      'DELETE FROM cart_item WHERE customer_id = ? AND item_id = ? RETURNING *',
      customerId,
      itemId,
    );
    return Promise.resolve(row && toLine(row));
  }

  dropExpired(): Promise<void> {
    const now = (this.keeping.now ?? Date.now)();
    this.db.transaction(() => {
      this.db.run(
        'DELETE cart_item',
        `DELETE FROM cart_item
         WHERE customer_id IN (SELECT customer_id FROM guest_cart WHERE expires_at <= ?)`,
        now,
      );
      this.db.run('DELETE guest_cart', 'DELETE FROM guest_cart WHERE expires_at <= ?', now);
    });
    return Promise.resolve();
  }

  ping(): Promise<void> {
    return this.db.ping();
  }

  close(): void {
    this.db.close();
  }

  /** Lets a guest's cart live on from now. */
  private keep(customerId: string): void {
    if (CUSTOMER_ID.test(customerId)) return;
    // No reader of a trace would miss it.
    untraced(() =>
      this.db.run(
        'INSERT guest_cart',
        `INSERT INTO guest_cart (customer_id, expires_at) VALUES (?, ?)
         ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at`,
        customerId,
        guestExpiry(this.keeping).getTime(),
      ),
    );
  }

  /** Carts of an earlier version have no expiry yet. */
  private keepOlderCarts(): void {
    this.db.run(
      'INSERT guest_cart',
      `INSERT OR IGNORE INTO guest_cart (customer_id, expires_at) SELECT DISTINCT customer_id, ?
       FROM cart_item WHERE length(customer_id) <> 24 OR customer_id GLOB '*[^0-9A-Fa-f]*'`,
      guestExpiry(this.keeping).getTime(),
    );
  }

  private find(customerId: string, itemId: string): Row | undefined {
    return this.db.get(
      'SELECT cart_item',
      'SELECT * FROM cart_item WHERE customer_id = ? AND item_id = ?',
      customerId,
      itemId,
    );
  }
}

function toLine(row: Row): CartLine {
  return {
    id: lineId(String(row['id']), Number(row['emptied'])),
    itemId: String(row['item_id']),
    quantity: Number(row['quantity']),
    unitPrice: Number(row['unit_price']),
  };
}

/** 24 hex digits, as MongoDB's ids. */
function newId(): string {
  return randomBytes(12).toString('hex');
}
