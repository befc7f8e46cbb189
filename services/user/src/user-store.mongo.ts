import type { JsonLog } from '@sockshop/service';
import { isDuplicateKey, Mongo } from '@sockshop/store/mongo';
import type { Telemetry } from '@sockshop/telemetry';
import { type Model, Schema, Types } from 'mongoose';
import {
  type CustomerDocument,
  MongoBelongings,
  READ_LIMIT_MS,
  type ThingDocument,
} from './belongings.mongo.ts';
import { SEED } from './seed.ts';
import {
  type Account,
  type Address,
  type Card,
  type Customer,
  type CustomerWithIds,
  type NewCustomer,
  type StoredPassword,
  UserStore,
} from './user-store.ts';

/** The original's documents have no version key. */
const schemaOptions = { versionKey: false } as const;

const customerSchema = new Schema<CustomerDocument>(
  {
    firstName: String,
    lastName: String,
    username: String,
    email: String,
    password: String,
    salt: String,
    addresses: [Schema.Types.ObjectId],
    cards: [Schema.Types.ObjectId],
  },
  { ...schemaOptions, collection: 'customers' },
)
  .index({ username: 1 }, { unique: true })
  .index({ addresses: 1 })
  .index({ cards: 1 });

const addressSchema = new Schema<ThingDocument>(
  { street: String, number: String, country: String, city: String, postcode: String },
  { ...schemaOptions, collection: 'addresses' },
);
const cardSchema = new Schema<ThingDocument>(
  { longNum: String, expires: String },
  { ...schemaOptions, collection: 'cards' },
);

/** Uses only operators that MongoDB and FerretDB have in common; updates are atomic for one document. */
export class MongoUserStore extends UserStore {
  readonly addresses: MongoBelongings<Address>;
  readonly cards: MongoBelongings<Card>;
  private readonly mongo: Mongo;
  private readonly accounts: Model<CustomerDocument>;

  constructor(url: string, telemetry: Telemetry, log: JsonLog) {
    super();
    this.mongo = new Mongo({
      url,
      database: 'users',
      name: 'user-db',
      telemetry,
      log,
      prepare: () => this.prepare(),
    });
    const { connection } = this.mongo;
    this.accounts = connection.model<CustomerDocument>('customers', customerSchema);
    this.addresses = new MongoBelongings(
      this.mongo,
      this.accounts,
      'addresses',
      connection.model<ThingDocument>('addresses', addressSchema),
      ({ street = '', number = '', country = '', city = '', postcode = '' }) => ({
        street,
        number,
        country,
        city,
        postcode,
      }),
    );
    this.cards = new MongoBelongings(
      this.mongo,
      this.accounts,
      'cards',
      connection.model<ThingDocument>('cards', cardSchema),
      ({ longNum = '', expires = '' }) => ({ longNum, expires }),
    );
  }

  async customers(): Promise<Customer[]> {
    const found = await this.mongo.use(() =>
      this.accounts.find().sort({ _id: 1 }).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    return found.map(toCustomer);
  }

  async customer(id: string): Promise<Customer | undefined> {
    const found = await this.mongo.use(() =>
      this.accounts.findById(id).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    return found ? toCustomer(found) : undefined;
  }

  async customerWithIds(id: string): Promise<CustomerWithIds | undefined> {
    const found = await this.mongo.use(() =>
      this.accounts.findById(id).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    if (!found) return undefined;
    const { addresses = [], cards = [] } = found;
    return { ...toCustomer(found), addressIds: addresses.map(String), cardIds: cards.map(String) };
  }

  async account(username: string): Promise<Account | undefined> {
    const found = await this.mongo.use(() =>
      this.accounts.findOne({ username }).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    if (!found) return undefined;
    const { password: hash = '', salt = '' } = found;
    return { ...toCustomer(found), password: { hash, salt } };
  }

  async createCustomer(customer: NewCustomer): Promise<string | undefined> {
    const { id, firstName, lastName, username, email, passwordHash } = customer;
    const password = passwordHash === '' ? {} : { password: passwordHash };
    const owned = { addresses: [], cards: [] };
    const given = id === undefined ? {} : { _id: new Types.ObjectId(id) };
    const made = { ...given, firstName, lastName, username, email, ...password, ...owned };
    try {
      const { _id } = await this.mongo.use(() => this.accounts.create(made));
      return _id.toString();
    } catch (error) {
      if (isDuplicateKey(error)) return undefined;
      throw error;
    }
  }

  async replacePassword(id: string, before: StoredPassword, hash: string): Promise<void> {
    await this.mongo.use(() =>
      this.accounts.updateOne(
        { _id: id, password: before.hash },
        { $set: { password: hash }, $unset: { salt: '' } },
      ),
    );
  }

  /** Deletes the customer last: after a failure the caller can repeat the call, and no card remains without its customer. */
  async deleteCustomer(id: string): Promise<boolean> {
    const found = await this.mongo.use(() =>
      this.accounts.findById(id).maxTimeMS(READ_LIMIT_MS).lean(),
    );
    if (!found) return false;
    await this.deleteBelongings(found);
    const last = await this.mongo.use(() => this.accounts.findByIdAndDelete(id).lean());
    if (!last) return false;
    const count = ({ addresses = [], cards = [] }: CustomerDocument) =>
      addresses.length + cards.length;
    if (count(last) > count(found)) await this.deleteBelongings(last); // an address or card was added meanwhile
    return true;
  }

  ping(): Promise<void> {
    return this.mongo.ping();
  }

  close(): Promise<void> {
    return this.mongo.close();
  }

  private async deleteBelongings({ addresses = [], cards = [] }: CustomerDocument): Promise<void> {
    await this.cards.deleteAll(cards);
    await this.addresses.deleteAll(addresses);
  }

  private async prepare(): Promise<void> {
    await this.accounts.createIndexes();
    if (await this.accounts.exists({})) return;
    const idsOf = (things: readonly { id: string; owner?: number }[], owner: number) =>
      things.filter((thing) => thing.owner === owner).map(({ id }) => new Types.ObjectId(id));
    await this.addresses.seed(SEED.addresses.map(({ owner, ...address }) => address));
    await this.cards.seed(SEED.cards.map(({ owner, ...card }) => card));
    // Customers last, in one command: if they exist, the rest exists too.
    await this.accounts.insertMany(
      SEED.customers.map(({ id, password, ...customer }, index) => ({
        ...customer,
        _id: new Types.ObjectId(id),
        password: password.hash,
        salt: password.salt,
        addresses: idsOf(SEED.addresses, index),
        cards: idsOf(SEED.cards, index),
      })),
    );
  }
}

function toCustomer({ _id, firstName = '', lastName = '', username }: CustomerDocument): Customer {
  return { id: _id.toString(), firstName, lastName, username };
}
