import { keepTrying } from '@sockshop/resilience';
import { type JsonLog, UnavailableError } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { traceMongo } from '@sockshop/tracing/database';
import { type Connection, Mongoose, STATES } from 'mongoose';

export interface MongoOptions {
  readonly url: string;
  /** Used when the URL names no database. */
  readonly database: string;
  /** The store's name in spans, health and errors, such as `carts-db`. */
  readonly name: string;
  readonly telemetry: Telemetry;
  readonly log: JsonLog;
  /** Makes indexes and the seed. It runs after connecting, and again from its start after a failure, so it must be idempotent. */
  readonly prepare: (connection: Connection) => Promise<void>;
}

/** Milliseconds. A dead database must be noticed well before the caller's own time limit. */
const LIMITS = {
  serverSelectionTimeoutMS: 1000,
  connectTimeoutMS: 1000,
  socketTimeoutMS: 3000,
  heartbeatFrequencyMS: 2000,
  // Waiting for a free connection is load, not loss. It ends with the caller's own time limit, not with an error of ours.
  waitQueueTimeoutMS: 10_000,
};
/**
 * After work has failed for so long, a new connection is made. The driver monitors its servers itself, but under load it was seen to
 * stop monitoring one that had been killed, and refused work for ever.
 */
const ANEW_AFTER_MS = 5000;
/** Connections kept at most. */
const POOL = 20;
/** Waits between attempts to connect. */
const RECONNECT = { firstMs: 200, longestMs: 3000 };

/**
 * A connection to MongoDB. While the database is unavailable, a service starts, answers `/health` and refuses work with 503; the
 * connection keeps trying, and then the service serves again.
 */
export class Mongo {
  readonly connection: Connection;
  private ready = false;
  private readonly ending = new AbortController();
  private connecting: Promise<void>;
  /** When work began to fail, in ms since 1970; undefined after a success. */
  private failingSince: number | undefined;

  constructor(private readonly options: MongoOptions) {
    const mongoose = new Mongoose({ bufferCommands: false, autoIndex: false, autoCreate: false });
    this.connection = mongoose.createConnection();
    this.connecting = this.connect();
  }

  /** Runs `work` against the database; any error of an unavailable database becomes an UnavailableError. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (!this.ready) throw new UnavailableError(this.options.name);
    try {
      const result = await work();
      this.failingSince = undefined;
      return result;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.failed();
      throw new UnavailableError(this.options.name, error);
    }
  }

  /** Rejects unless the database answers. */
  async ping(): Promise<void> {
    await this.use(async () => this.connection.db?.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    this.ending.abort();
    this.ready = false;
    await this.connecting;
    await this.connection.close();
  }

  private failed(): void {
    this.failingSince ??= Date.now();
    if (!this.ready || this.ending.signal.aborted || Date.now() - this.failingSince < ANEW_AFTER_MS)
      return;
    this.ready = false;
    this.failingSince = undefined;
    this.options.log.warn('database unavailable, connecting anew', { store: this.options.name });
    // Not by force: Mongoose's models would refuse work from then on. For the driver the two are the same.
    this.connecting = this.connection.close().then(() => this.connect());
  }

  private async connect(): Promise<void> {
    const { url, database, name, log } = this.options;
    const { signal } = this.ending;
    const attempt = async (): Promise<void> => {
      await this.open(url, database);
      await this.options.prepare(this.connection);
      this.ready = !signal.aborted; // close() may have been called meanwhile
      log.log('database connected', { store: name });
    };
    await keepTrying(attempt, {
      ...RECONNECT,
      signal,
      failed: (error, failures) => {
        if (failures === 1) log.warn('database unavailable, trying again', { store: name, error });
      },
    });
  }

  private async open(url: string, database: string): Promise<void> {
    const named = /^[^/]+:\/\/[^/]+\/[^?]/.test(url); // a replica set's list of hosts is no URL to Node
    if (this.connection.readyState === STATES.connected) return;
    await this.connection.openUri(url, {
      ...LIMITS,
      ...(!named && { dbName: database }),
      maxPoolSize: POOL,
      monitorCommands: true,
      appName: this.options.name,
    });
    const { name: peer, telemetry } = this.options;
    traceMongo(this.connection.getClient(), telemetry, {
      peer,
      ended: (operation) => {
        telemetry.metrics.observeDb(operation.seconds, operation);
      },
    });
  }
}

/** Errors of the driver and of Mongoose for a server that cannot be reached or does not answer. */
const UNAVAILABLE =
  /^(Mongo(Network|ServerSelection|WaitQueue|PoolCle|PoolClosed|NotConnected|Topology|OperationTimeout|ExpiredSession|ClientClosed|ServerClosed)|PoolClearedOnNetwork|MongooseServerSelection)/;

/** Codes of a server that is too slow (`maxTimeMS`), shuts down, or is no longer the primary. */
const UNABLE = [50, 91, 189, 10_107, 11_600, 11_602, 13_435, 13_436];
/** A bulk write hides a network error in its own, message and all. */
const CONNECTION_LOST = /^connection \d+ to \S+ (closed|timed out)/;

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (UNAVAILABLE.test(error.name)) return true;
  if ('code' in error && UNABLE.includes(Number(error.code))) return true;
  if (error.name === 'MongoBulkWriteError' && CONNECTION_LOST.test(error.message)) return true;
  // With `bufferCommands: false` Mongoose throws a plain MongooseError.
  return error.name === 'MongooseError' && error.message.includes('before initial connection');
}

/** Whether a unique index refused a write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000;
}
