import type { Mongo } from '@sockshop/store/mongo';
import { type Model, Types } from 'mongoose';
import type { Address, Belongings, Card, Stored } from './user-store.ts';

type Kind = 'addresses' | 'cards';

/** The original's document: an empty text may be absent, ids of addresses and cards are in the order of adding. */
export interface CustomerDocument extends Partial<Record<Kind, Types.ObjectId[]>> {
  _id: Types.ObjectId;
  firstName?: string;
  lastName?: string;
  username: string;
  email?: string;
  password?: string;
  salt?: string;
}

/** An address or a card. */
export interface ThingDocument extends Partial<Address & Card> {
  _id: Types.ObjectId;
}

export const READ_LIMIT_MS = 2000;

/** Addresses or cards have their own collection; the customer's document lists their ids. */
export class MongoBelongings<T extends Partial<Address & Card>> implements Belongings<T> {
  constructor(
    private readonly mongo: Mongo,
    private readonly accounts: Model<CustomerDocument>,
    private readonly kind: Kind,
    private readonly things: Model<ThingDocument>,
    private readonly fields: (document: ThingDocument) => T,
  ) {}

  async all(): Promise<Stored<T>[]> {
    const found = await this.mongo.use(() =>
      this.things.find().sort({ _id: 1 }).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    return found.map((document) => this.toStored(document));
  }

  async find(id: string): Promise<Stored<T> | undefined> {
    const found = await this.mongo.use(() =>
      this.things.findById(id).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    return found ? this.toStored(found) : undefined;
  }

  async of(customerId: string): Promise<Stored<T>[] | undefined> {
    const customer = await this.mongo.use(() =>
      this.accounts.findById(customerId).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    if (!customer) return undefined;
    const ids = customer[this.kind] ?? [];
    const found = await this.mongo.use(() =>
      this.things
        .find({ _id: { $in: ids } })
        .maxTimeMS(READ_LIMIT_MS)
        .lean(),
    );
    const byId = new Map(found.map((document) => [document._id.toString(), document]));
    // Skips ids without a document, as the original does.
    return ids.flatMap((id) => byId.get(id.toString()) ?? []).map((d) => this.toStored(d));
  }

  /** Stores the document, then adds it to the list: a customer deleted at the same time either has it in the list or is not found. */
  async add(thing: T, customerId: string | undefined): Promise<string | undefined> {
    const _id = new Types.ObjectId();
    await this.mongo.use(() => this.things.insertOne({ ...thing, _id }));
    if (customerId === undefined) return _id.toString();
    try {
      const result = await this.mongo.use(() =>
        this.accounts.updateOne({ _id: customerId }, { $push: { [this.kind]: _id } }),
      );
      if (result.matchedCount > 0) return _id.toString();
    } catch (error) {
      // The caller will repeat the request. If the id was listed after all, it does no harm without its document.
      await this.deleteAll([_id]).catch(() => undefined);
      throw error;
    }
    await this.deleteAll([_id]);
    return undefined;
  }

  async delete(id: string): Promise<boolean> {
    const { deletedCount } = await this.deleteAll([new Types.ObjectId(id)]);
    if (deletedCount === 0) return false;
    await this.mongo.use(() =>
      this.accounts.updateMany({ [this.kind]: id }, { $pull: { [this.kind]: id } }),
    );
    return true;
  }

  deleteAll(ids: readonly Types.ObjectId[]): Promise<{ deletedCount: number }> {
    return this.mongo.use(() => this.things.deleteMany({ _id: { $in: ids } }));
  }

  /** Does not change existing documents. */
  async seed(things: Stored<T>[]): Promise<void> {
    for (const { id, ...thing } of things) {
      await this.things.updateOne({ _id: id }, { $setOnInsert: thing }, { upsert: true });
    }
  }

  private toStored(document: ThingDocument): Stored<T> {
    return { ...this.fields(document), id: document._id.toString() };
  }
}
