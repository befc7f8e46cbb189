import { SERVICES } from '@sockshop/parts';
import { type FileHandle, open, rm } from 'node:fs/promises';
import {
  BSON,
  type ClientSession,
  type Collection,
  type Document,
  type FindCursor,
  MongoClient,
} from 'mongodb';
import { stopWrites } from './stopped-writes.ts';
import type { Entry, FreshPlace, Row, Store, Table } from './store.ts';

/** Each once: carts and orders share one. */
const DATABASES: readonly string[] = [
  ...new Set(
    SERVICES.map(({ database }) => (database?.server === 'mongodb' ? database.name : undefined)),
  ),
].filter((name) => name !== undefined);
/** Begins the names of what a restore loads. */
const FRESH = 'restoring_';
/** The fields of an order that say that its shipment has not been sent. */
const TO_BE_SENT = { shipmentSent: false, unfinished: true, touched: new Date(0) };

const BATCH = 100;
const PIECE_BYTES = 1024 * 1024;
/** The driver's code for a command, or an option of it, that the stand-in does not have. */
const NOT_IMPLEMENTED = 238;

interface Options {
  /** May name a database or none. */
  readonly url: string;
  /** Default: the shop's. */
  readonly databases?: readonly string[];
  /** Nothing else writes. */
  readonly alone: boolean;
  /** A file to put documents aside in while writes wait. */
  readonly aside: string;
  readonly cleanUp: (how: () => Promise<void>) => void;
}

type Documents = FindCursor<Buffer>;

/** The databases of carts, orders and user on a MongoDB, or on its stand-in. */
export class MongoStore implements Store {
  readonly kind = 'mongo';
  /** Milliseconds for which the last `save` made writes wait; undefined where it did not. */
  writesWaitedMs: number | undefined;
  /** How many orders the last restore set to be sent again. */
  reopened = 0;

  constructor(private readonly options: Options) {}

  async *save(): AsyncGenerator<Entry> {
    const { url, aside, cleanUp } = this.options;
    const client = await new MongoClient(url, { serverSelectionTimeoutMS: 5000 }).connect();
    cleanUp(async () => {
      await rm(aside, { force: true });
      await client.close();
    });
    const file = await open(aside, 'wx+', 0o600);
    try {
      const tables = await this.putAside(client, file);
      let at = 0;
      for (const { table, bytes } of tables) {
        yield { table };
        for await (const document of documentsIn(file, at, at + bytes)) {
          const exact = { promoteValues: false, promoteBuffers: false, bsonRegExp: true };
          yield { row: BSON.deserialize(document, exact) };
        }
        at += bytes;
      }
    } finally {
      await file.close();
      await rm(aside, { force: true });
      await client.close();
    }
  }

  async freshPlace(): Promise<FreshPlace> {
    const { url, cleanUp, databases = DATABASES } = this.options;
    const client = await new MongoClient(url, { serverSelectionTimeoutMS: 5000 }).connect();
    cleanUp(() => client.close());
    const place = new FreshCollections(client, databases, (reopened) => (this.reopened = reopened));
    await place.drop();
    return place;
  }

  /**
   * Copies all documents as they are of one moment: a snapshot where there is a replica set, else writes wait as shortly as can be. The stand-in's
   * cursors are snapshots of their own: there it is enough that all are open. They are decoded later, as that takes longer.
   */
  private async putAside(client: MongoClient, file: FileHandle): Promise<Aside[]> {
    const { url, alone, cleanUp, databases = DATABASES } = this.options;
    const collections = await collectionsOf(client, databases);
    const { snapshots, standIn } = await kindOf(client);
    if (snapshots) {
      return client.withSession({ snapshot: true }, (session) =>
        copyAll(file, collections, opened(collections, session)),
      );
    }
    if (alone) return copyAll(file, collections, opened(collections));

    const writes = await stopWrites(client, url);
    const since = performance.now();
    cleanUp(() => writes.release());
    try {
      const cursors = opened(collections);
      for (const cursor of cursors) await cursor.hasNext();
      if (standIn) await writes.release();
      else {
        const aside = await copyAll(file, collections, cursors);
        await writes.release();
        return aside;
      }
      this.writesWaitedMs = performance.now() - since;
      return await copyAll(file, collections, cursors);
    } finally {
      this.writesWaitedMs ??= performance.now() - since;
      await writes.release();
    }
  }
}

interface Aside {
  readonly table: Table;
  readonly bytes: number;
}

async function kindOf(client: MongoClient): Promise<{ snapshots: boolean; standIn: boolean }> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  const build = await admin.command({ buildInfo: 1 });
  const snapshots = hello['setName'] !== undefined || hello['msg'] === 'isdbgrid';
  return { snapshots, standIn: build['ferretdbVersion'] !== undefined };
}

async function collectionsOf(
  client: MongoClient,
  databases: readonly string[],
): Promise<Collection[]> {
  const found: Collection[] = [];
  for (const name of databases) {
    const database = client.db(name);
    const listed = await database.listCollections({ type: 'collection' }).toArray();
    const names = listed.map((each) => each.name).filter((each) => isOurs(each));
    found.push(...names.sort().map((each) => database.collection(each)));
  }
  return found;
}

function isOurs(name: string): boolean {
  return !name.startsWith('system.') && !name.startsWith(FRESH);
}

/** Their documents as bytes. */
function opened(collections: readonly Collection[], session?: ClientSession): Documents[] {
  const options = { raw: true, batchSize: BATCH, ...(session && { session }) };
  return collections.map((each) => each.find<Buffer>({}, options)); // by `raw`
}

async function copyAll(
  file: FileHandle,
  collections: readonly Collection[],
  cursors: readonly Documents[],
): Promise<Aside[]> {
  const aside: Aside[] = [];
  for (const [index, { dbName: database, collectionName: name }] of collections.entries()) {
    let bytes = 0;
    let piece: Buffer[] = [];
    let pieceBytes = 0;
    const flush = async (): Promise<void> => {
      await file.writeFile(Buffer.concat(piece)); // goes on where the last one ended
      bytes += pieceBytes;
      piece = [];
      pieceBytes = 0;
    };
    for await (const document of cursors[index] ?? []) {
      piece.push(document);
      pieceBytes += document.length;
      if (pieceBytes > PIECE_BYTES) await flush();
    }
    await flush();
    aside.push({ table: { store: 'mongo', database, name }, bytes });
  }
  return aside;
}

/** Each begins with its length. */
async function* documentsIn(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  let buffered = Buffer.alloc(0);
  for (let at = from; at < to;) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    at += bytesRead;
    buffered = Buffer.concat([buffered, piece.subarray(0, bytesRead)]);
    let used = 0;
    while (buffered.length - used >= 4) {
      const length = buffered.readInt32LE(used);
      if (buffered.length - used < length) break;
      yield buffered.subarray(used, used + length);
      used += length;
    }
    buffered = buffered.subarray(used);
  }
}

/** Collections beside the shop's, renamed when all are loaded. Indexes are not of a backup: the services make them at their start. */
class FreshCollections implements FreshPlace {
  private readonly loaded: Collection[] = [];

  constructor(
    private readonly client: MongoClient,
    private readonly databases: readonly string[],
    private readonly tellReopened: (orders: number) => void,
  ) {}

  async begin({ database, name }: Table): Promise<void> {
    this.loaded.push(await this.client.db(database).createCollection(FRESH + name));
  }

  async add(rows: readonly Row[]): Promise<void> {
    await this.loaded.at(-1)?.insertMany(rows as Document[]); // as `save` yielded them
  }

  async swap(): Promise<void> {
    await this.reopenShipping();
    const before = await collectionsOf(this.client, this.databases);
    for (const fresh of this.loaded) await this.rename(fresh);
    const names = this.loaded.map(({ namespace }) => namespace.replace(FRESH, ''));
    for (const collection of before)
      if (!names.includes(collection.namespace)) await collection.drop();
    this.loaded.length = 0;
    await this.client.close();
  }

  async discard(): Promise<void> {
    await this.drop().catch(() => undefined); // closed after `swap`; else the next restore begins by dropping them
    await this.client.close();
  }

  async drop(): Promise<void> {
    for (const name of this.databases) {
      const database = this.client.db(name);
      for (const each of await database.listCollections({}, { nameOnly: true }).toArray())
        if (each.name.startsWith(FRESH)) await database.dropCollection(each.name);
    }
  }

  /** The broker's messages are of another time than the data: what was on its way is sent again. SHIPPED is a step that is taken once. */
  private async reopenShipping(): Promise<void> {
    const orders = this.loaded.find(
      ({ collectionName }) => collectionName === `${FRESH}customerOrder`,
    );
    const result = await orders?.updateMany({ status: 'SHIPPING' }, { $set: TO_BE_SENT });
    this.tellReopened(result?.modifiedCount ?? 0);
  }

  private async rename(fresh: Collection): Promise<void> {
    const admin = this.client.db('admin');
    const to = fresh.namespace.replace(FRESH, '');
    const command = { renameCollection: fresh.namespace, to };
    try {
      await admin.command({ ...command, dropTarget: true });
    } catch (error) {
      if (!isNotImplemented(error)) throw error;
      await this.client.db(fresh.dbName).dropCollection(to.slice(fresh.dbName.length + 1));
      await admin.command(command);
    }
  }
}

function isNotImplemented(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === NOT_IMPLEMENTED;
}
