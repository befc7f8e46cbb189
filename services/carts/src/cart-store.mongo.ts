import type { JsonLog } from '@sockshop/service';
import { isDuplicateKey, Mongo } from '@sockshop/store/mongo';
import type { Telemetry } from '@sockshop/telemetry';
import { type AnyBulkWriteOperation, type Model, Schema, Types } from 'mongoose';
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

/** A document per line: "add to cart" is one upsert on it. */
interface LineDocument {
  _id: Types.ObjectId;
  customerId: string;
  itemId: string;
  quantity: number;
  unitPrice: number;
  /** Absent until the first one. */
  marks?: string[];
  /** Raised by every change; `changeOnce` compares it. */
  version: number;
  /** How often the line was emptied; absent means never. */
  emptied?: number;
  /** Of a guest's line only. */
  expiresAt?: Date;
}

const lineSchema = new Schema<LineDocument>(
  {
    customerId: { type: String, required: true },
    itemId: { type: String, required: true },
    quantity: { type: Number, required: true },
    unitPrice: { type: Number, required: true },
    marks: { type: [String], default: undefined },
    version: { type: Number, required: true },
    emptied: { type: Number },
    expiresAt: { type: Date },
  },
  { collection: 'cart_item', versionKey: false },
)
  .index({ customerId: 1, itemId: 1 }, { unique: true })
  .index({ expiresAt: 1 }); // no TTL index: FerretDB has none

/** As `lineId()` makes it. */
const LINE_ID = /^([\da-f]{24})(?:-(\d+))?$/;

/** Uses only operators that MongoDB and FerretDB share. Each change is atomic on a single document. */
export class MongoCartStore extends CartStore {
  private readonly mongo: Mongo;
  private readonly lines: Model<LineDocument>;

  constructor(
    url: string,
    private readonly keeping: Keeping,
    telemetry: Telemetry,
    log: JsonLog,
  ) {
    super();
    this.mongo = new Mongo({
      url,
      database: 'data',
      name: 'carts-db',
      telemetry,
      log,
      prepare: () => this.prepare(),
    });
    this.lines = this.mongo.connection.model<LineDocument>('cart_item', lineSchema);
  }

  async items(customerId: string): Promise<CartLine[]> {
    const found = await this.mongo.use(() =>
      this.lines
        .find({ customerId, quantity: { $gt: 0 } })
        .sort({ _id: 1 })
        .lean(),
    );
    return found.map(toLine);
  }

  async item(customerId: string, itemId: string): Promise<CartLine | undefined> {
    const found = await this.find(customerId, itemId);
    return found && found.quantity > 0 ? toLine(found) : undefined;
  }

  async add(customerId: string, line: NewLine): Promise<CartLine | undefined> {
    const { itemId, unitPrice, quantity } = line;
    if (quantity > 1) {
      const first = await this.addFirst(customerId, line);
      if (first) return first;
    }
    const update = {
      $inc: { quantity: 1, version: 1 },
      $set: { ...this.expiry(customerId), ...(unitPrice !== undefined && { unitPrice }) },
      ...(unitPrice === undefined && { $setOnInsert: { unitPrice: 0 } }),
    };
    const options = { upsert: true, returnDocument: 'after' } as const;
    for (;;) {
      try {
        const free = { customerId, itemId, quantity: { $lt: MAX_QUANTITY } };
        const found = await this.mongo.use(() =>
          this.lines.findOneAndUpdate(free, update, options).lean(),
        );
        return toLine(found);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Either another client has just created the line, and the next attempt finds it, or the line is full.
        const there = await this.find(customerId, itemId);
        if (there && there.quantity >= MAX_QUANTITY) return undefined;
      }
    }
  }

  async setQuantity(
    customerId: string,
    itemId: string,
    quantity: number,
    unitPrice: number | undefined,
  ): Promise<boolean> {
    const price = unitPrice === undefined ? {} : { unitPrice };
    const set = { quantity, ...price, ...this.expiry(customerId) };
    const result = await this.mongo.use(() =>
      this.lines.updateOne(
        { customerId, itemId, quantity: { $gt: 0 } },
        { $set: set, $inc: { version: 1 } },
      ),
    );
    return result.matchedCount > 0;
  }

  async remove(customerId: string, itemId: string): Promise<boolean> {
    const empty = { $set: { quantity: 0 }, $inc: { version: 1, emptied: 1 } };
    const result = await this.mongo.use(() =>
      this.lines.updateOne({ customerId, itemId, quantity: { $gt: 0 } }, empty),
    );
    return result.matchedCount > 0;
  }

  async clear(customerId: string): Promise<void> {
    const empty = { $set: { quantity: 0 }, $inc: { version: 1, emptied: 1 } };
    await this.mongo.use(() => this.lines.updateMany({ customerId, quantity: { $gt: 0 } }, empty));
  }

  async changeOnce(customerId: string, changes: readonly Change[], mark: string): Promise<void> {
    if (await this.emptyKnown(customerId, changes, mark)) return;
    const itemId = { $in: changes.map((change) => change.itemId) };
    for (;;) {
      const found = await this.mongo.use(() => this.lines.find({ customerId, itemId }).lean());
      const byItem = new Map(found.map((line) => [line.itemId, line]));
      const writes = changes.flatMap((change) => {
        const there = byItem.get(change.itemId);
        const isOver = change.lineId !== undefined && there && toLine(there).id !== change.lineId;
        if (isOver || there?.marks?.includes(mark)) return [];
        return [this.writeOf(customerId, change, mark, there)];
      });
      if (writes.length === 0 || (await this.writeAll(writes))) return;
    }
  }

  async drop(customerId: string, itemId: string): Promise<CartLine | undefined> {
    const dropped = await this.mongo.use(() =>
      this.lines.findOneAndDelete({ customerId, itemId }).lean(),
    );
    return dropped ? toLine(dropped) : undefined;
  }

  async dropExpired(): Promise<void> {
    const now = new Date((this.keeping.now ?? Date.now)());
    await this.mongo.use(() => this.lines.deleteMany({ expiresAt: { $lte: now } }));
  }

  ping(): Promise<void> {
    return this.mongo.ping();
  }

  close(): Promise<void> {
    return this.mongo.close();
  }

  /**
   * Empties all lines at once if they are as the caller knows them, as an order nearly always leaves them. An emptied line has a new id
   * and needs no mark: no later call means it. Returns false when a line was another one, and the caller must look.
   */
  private async emptyKnown(
    customerId: string,
    changes: readonly Change[],
    mark: string,
  ): Promise<boolean> {
    const updates = changes.flatMap(({ itemId, by, lineId }) => {
      const [, id, emptied = '0'] = LINE_ID.exec(lineId ?? '') ?? [];
      if (id === undefined || by >= 0) return [];
      const filter = {
        _id: new Types.ObjectId(id),
        customerId,
        itemId,
        quantity: -by,
        marks: { $ne: mark },
        emptied: emptied === '0' ? { $in: [null, 0] } : Number(emptied),
      };
      const update = { $set: { quantity: 0 }, $inc: { version: 1, emptied: 1 } };
      return [{ updateOne: { filter, update } }];
    });
    if (updates.length === 0 || updates.length < changes.length) return false;
    const { collection } = this.lines;
    const done = await this.mongo.use(() => collection.bulkWrite(updates, { ordered: false }));
    return done.matchedCount === updates.length;
  }

  /** Returns false, and changes nothing on that line, when another client has changed a line since it was read. */
  private async writeAll(writes: AnyBulkWriteOperation<LineDocument>[]): Promise<boolean> {
    try {
      const done = await this.mongo.use(() => this.lines.bulkWrite(writes, { ordered: false }));
      return done.matchedCount + done.insertedCount === writes.length;
    } catch (error) {
      if (isDuplicateKey(error)) return false; // another client has just created the line
      throw error;
    }
  }

  /** Adds a sock that is not in the cart, also several pieces at once. Undefined when it is in the cart already. */
  private async addFirst(customerId: string, line: NewLine): Promise<CartLine | undefined> {
    const { itemId, unitPrice, quantity } = line;
    const price = unitPrice === undefined ? {} : { unitPrice };
    const expiry = this.expiry(customerId);
    const revived = await this.mongo.use(() =>
      this.lines
        .findOneAndUpdate(
          { customerId, itemId, quantity: 0 },
          { $set: { quantity, ...price, ...expiry }, $inc: { version: 1 } },
          { returnDocument: 'after' },
        )
        .lean(),
    );
    if (revived) return toLine(revived);
    const fresh = {
      customerId,
      itemId,
      unitPrice: unitPrice ?? 0,
      quantity,
      version: 1,
      ...expiry,
    };
    try {
      return toLine(await this.mongo.use(() => this.lines.create(fresh)));
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  private writeOf(
    customerId: string,
    change: Change,
    mark: string,
    there: LineDocument | undefined,
  ): AnyBulkWriteOperation<LineDocument> {
    const marks = [...(there?.marks ?? []), mark].slice(-MAX_MARKS);
    const quantity = changed(there?.quantity ?? 0, there && toLine(there).id, change);
    const expiry = this.expiry(customerId);
    if (!there) {
      const { itemId, unitPrice } = change;
      const document = { customerId, itemId, unitPrice, quantity, marks, version: 1, ...expiry };
      return { insertOne: { document } };
    }
    const emptied = quantity === 0 ? 1 : 0;
    const update = { $set: { quantity, marks, ...expiry }, $inc: { version: 1, emptied } };
    return { updateOne: { filter: { _id: there._id, version: there.version }, update } };
  }

  /** Makes the indexes, and lets guests' lines of an earlier version expire, too. */
  private async prepare(): Promise<void> {
    await this.lines.createIndexes();
    await this.lines.updateMany(
      { customerId: { $not: CUSTOMER_ID }, expiresAt: { $exists: false } },
      { $set: { expiresAt: guestExpiry(this.keeping) } },
    );
  }

  private expiry(customerId: string): { expiresAt?: Date } {
    return CUSTOMER_ID.test(customerId) ? {} : { expiresAt: guestExpiry(this.keeping) };
  }

  private find(customerId: string, itemId: string): Promise<LineDocument | null> {
    return this.mongo.use(() => this.lines.findOne({ customerId, itemId }).lean());
  }
}

function toLine({ _id, emptied, itemId, quantity, unitPrice }: LineDocument): CartLine {
  return { id: lineId(_id.toString(), emptied ?? 0), itemId, quantity, unitPrice };
}
