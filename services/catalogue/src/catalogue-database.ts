import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { JsonLog, UnavailableError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import type { DataSource, EntityManager } from 'typeorm';
import { CatalogueConfig } from './config.ts';
import { dataSource } from './data-source.ts';
import { createDatabase, isAway, isCrowded, isMissing } from './mysql.ts';
import { QuerySpans } from './query-spans.ts';
import { seed } from './seed.ts';

/** What the database is called in health, spans and errors. */
export const DATABASE_NAME = 'catalogue-db';
/** Waits between attempts to connect grow from the first to the last of these, with jitter. */
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 3000;
/** Longest time for one piece of work, the wait for a connection of the pool included. */
const WORK_MS = 2500;

/**
 * The database, tried for ever: the service starts, answers `/health` and refuses work with 503 while it is away, and serves again
 * by itself. After every loss the tables are looked at again, as a database without a volume comes back empty.
 */
@Injectable()
export class CatalogueDatabase implements OnModuleDestroy {
  private source: DataSource | undefined;
  private closed = false;
  private wait: { timer: NodeJS.Timeout; wake: () => void } | undefined;
  private connecting: Promise<void>;

  constructor(
    private readonly config: CatalogueConfig,
    private readonly telemetry: Telemetry,
    private readonly log: JsonLog,
  ) {
    this.connecting = this.connect();
  }

  /** Runs `work` against the database; any way of it being away becomes an UnavailableError. */
  async use<T>(work: (entities: EntityManager) => Promise<T>): Promise<T> {
    const source = this.source;
    if (!source) throw new UnavailableError(DATABASE_NAME);
    try {
      return await inTime(work(source.manager));
    } catch (error) {
      if (isAway(error)) this.lost(source, error);
      else if (!isCrowded(error)) throw error;
      throw new UnavailableError(DATABASE_NAME, error);
    }
  }

  /** Rejects unless the database answers. */
  async ping(): Promise<void> {
    await this.use((entities) => entities.query('SELECT 1'));
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    if (this.wait) {
      clearTimeout(this.wait.timer);
      this.wait.wake();
    }
    await this.connecting;
    await this.source?.destroy();
    this.source = undefined;
  }

  private async connect(): Promise<void> {
    for (let attempt = 0; !this.closed; attempt += 1) {
      try {
        this.source = await this.open();
        this.log.log('database connected', { store: DATABASE_NAME });
        return;
      } catch (error) {
        if (attempt === 0) {
          this.log.warn('database is away, trying again', { store: DATABASE_NAME, error });
        }
        await this.pause(attempt);
      }
    }
  }

  private async open(): Promise<DataSource> {
    const address = this.config.database;
    const source = dataSource(address, this.log);
    try {
      await source.initialize();
    } catch (error) {
      if (address.type !== 'mysql' || !isMissing(error)) throw error;
      await createDatabase(address);
      await source.initialize();
    }
    try {
      await source.runMigrations();
      await seed(source.manager);
    } catch (error) {
      await source.destroy();
      throw error;
    }
    source.subscribers.push(new QuerySpans(address, DATABASE_NAME, this.telemetry));
    return source;
  }

  /** The first of many failing requests starts over; what else still runs on the old connections ends by itself. */
  private lost(source: DataSource, error: unknown): void {
    if (this.source !== source || this.closed) return;
    this.log.warn('database was lost', { store: DATABASE_NAME, error });
    this.source = undefined;
    source.destroy().catch(() => undefined); // its connections are dead: so may be the goodbye
    // The request that noticed it ends before this does: it has no part in it.
    this.connecting = context.with(ROOT_CONTEXT, () => this.connect());
  }

  private async pause(attempt: number): Promise<void> {
    if (this.closed) return;
    const longest = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2));
      this.wait = { timer, wake: resolve };
    });
  }
}

/** Too many waiting for too few connections is no loss of the database: only these requests are refused. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new UnavailableError(DATABASE_NAME));
    }, WORK_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
