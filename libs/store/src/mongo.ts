import { type JsonLog, UnavailableError } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { type Connection, Mongoose, STATES } from 'mongoose';
import { traceCommands } from './mongo-spans.ts';

export interface MongoOptions {
  readonly url: string;
  /** Used when the URL names no database. */
  readonly database: string;
  /** What the store is called in spans, health and errors, such as `carts-db`. */
  readonly name: string;
  readonly telemetry: Telemetry;
  readonly log: JsonLog;
  /** Indexes and seed; runs after connecting, again from the start if it fails, so it must be idempotent. */
  readonly prepare: (connection: Connection) => Promise<void>;
}

/** Milliseconds: a dead database must be known well before the caller's own time limit. */
const LIMITS = {
  serverSelectionTimeoutMS: 1000,
  connectTimeoutMS: 1000,
  socketTimeoutMS: 3000,
  heartbeatFrequencyMS: 2000,
  // Waiting for a free connection is load, not loss: it ends with the caller's own time limit, not with an error of ours.
  waitQueueTimeoutMS: 10_000,
};
/**
 * A database that was away for so long is connected anew. The driver looks after its servers itself, but under load it was seen to
 * stop looking at one that had been killed, and refused work for ever.
 */
const ANEW_AFTER_MS = 5000;
/** Connections kept at most. */
const POOL = 20;
/** Waits between attempts to connect grow from the first to the last of these, with jitter. */
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 3000;

/**
 * A connection to MongoDB that is tried for ever: a service starts, answers `/health` and refuses work with 503 while its
 * database is away, and serves again by itself.
 */
export class Mongo {
  readonly connection: Connection;
  private ready = false;
  private closed = false;
  private wait: { timer: NodeJS.Timeout; wake: () => void } | undefined;
  private connecting: Promise<void>;
  /** When work began to fail, in ms since 1970, while none succeeds. */
  private awaySince: number | undefined;

  constructor(private readonly options: MongoOptions) {
    const mongoose = new Mongoose({ bufferCommands: false, autoIndex: false, autoCreate: false });
    this.connection = mongoose.createConnection();
    this.connecting = this.connect();
  }

  /** Runs `work` against the database; any way of it being away becomes an UnavailableError. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (!this.ready) throw new UnavailableError(this.options.name);
    try {
      const result = await work();
      this.awaySince = undefined;
      return result;
    } catch (error) {
      if (!isAway(error)) throw error;
      this.failed();
      throw new UnavailableError(this.options.name, error);
    }
  }

  /** Rejects unless the database answers. */
  async ping(): Promise<void> {
    await this.use(async () => this.connection.db?.command({ ping: 1 }));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.ready = false;
    if (this.wait) {
      clearTimeout(this.wait.timer);
      this.wait.wake();
    }
    await this.connecting;
    await this.connection.close();
  }

  private failed(): void {
    this.awaySince ??= Date.now();
    if (!this.ready || this.closed || Date.now() - this.awaySince < ANEW_AFTER_MS) return;
    this.ready = false;
    this.awaySince = undefined;
    this.options.log.warn('database is away, connecting anew', { store: this.options.name });
    // Not by force: Mongoose's models would refuse work from then on. The driver does not tell the two apart.
    this.connecting = this.connection.close().then(() => this.connect());
  }

  private async connect(): Promise<void> {
    const { url, database, name, log } = this.options;
    for (let attempt = 0; !this.closed; attempt += 1) {
      try {
        await this.open(url, database);
        await this.options.prepare(this.connection);
        this.ready = !this.closed; // close() may have come meanwhile
        log.log('database connected', { store: name });
        return;
      } catch (error) {
        if (attempt === 0) log.warn('database is away, trying again', { store: name, error });
        await this.pause(attempt);
      }
    }
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
    traceCommands(this.connection.getClient(), this.options.name, this.options.telemetry);
  }

  private pause(attempt: number): Promise<void> {
    if (this.closed) return Promise.resolve();
    const longest = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2));
      this.wait = { timer, wake: resolve };
    });
  }
}

/** Errors by which the driver and Mongoose say that the server cannot be reached or does not answer. */
const AWAY =
  /^(Mongo(Network|ServerSelection|WaitQueue|PoolCle|PoolClosed|NotConnected|Topology|OperationTimeout|ExpiredSession|ClientClosed|ServerClosed)|PoolClearedOnNetwork|MongooseServerSelection)/;

/** Codes of a server that is too slow (`maxTimeMS`), shuts down, or is the primary no more. */
const UNABLE = [50, 91, 189, 10_107, 11_600, 11_602, 13_435, 13_436];
/** A bulk write hides a network error in its own, message and all. */
const CONNECTION_LOST = /^connection \d+ to \S+ (closed|timed out)/;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (AWAY.test(error.name)) return true;
  if ('code' in error && UNABLE.includes(Number(error.code))) return true;
  if (error.name === 'MongoBulkWriteError' && CONNECTION_LOST.test(error.message)) return true;
  // With `bufferCommands: false` Mongoose says it by a plain MongooseError.
  return error.name === 'MongooseError' && error.message.includes('before initial connection');
}

/** Whether a unique index refused a write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11_000;
}
