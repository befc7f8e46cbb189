import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { keepTrying, within } from '@sockshop/resilience';
import { JsonLog, UnavailableError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { context } from '@sockshop/tracing';
import { tracePoolWaits } from '@sockshop/tracing/database';
import type { DataSource, EntityManager } from 'typeorm';
import { CatalogueConfig } from './config.ts';
import { dataSource } from './data-source.ts';
import { createDatabase, isUnavailable, isCrowded, isMissing } from './mysql.ts';
import { querySpans } from './query-spans.ts';
import { seed } from './seed.ts';

/** The database's name in health reports, spans and errors. */
export const DATABASE_NAME = 'catalogue-db';
/** Waits between attempts to connect. */
const RECONNECT = { firstMs: 200, longestMs: 3000 };
/** Time limit of one call of `use`, including the wait for a pooled connection. */
const WORK_MS = 2500;

/**
 * The database connection. While the database is unavailable, the service starts, answers `/health`, and answers 503 on routes that read
 * the database. It keeps trying to connect and recovers. Every connection checks the tables, because a database without a volume returns empty.
 */
@Injectable()
export class CatalogueDatabase implements OnModuleDestroy {
  private source: DataSource | undefined;
  private readonly ending = new AbortController();
  private connecting: Promise<void>;

  constructor(
    private readonly config: CatalogueConfig,
    private readonly telemetry: Telemetry,
    private readonly log: JsonLog,
  ) {
    this.connecting = this.connect();
  }

  /** False while the database is known to be unavailable. */
  get connected(): boolean {
    return this.source !== undefined;
  }

  /** Runs `work` on the database. An error caused by an unavailable database becomes an UnavailableError. */
  async use<T>(work: (entities: EntityManager) => Promise<T>): Promise<T> {
    const source = this.source;
    if (!source) throw new UnavailableError(DATABASE_NAME);
    try {
      // Too many requests for the pool do not mean that the database is lost: only these requests get 503.
      const late = (): Error => new UnavailableError(DATABASE_NAME);
      return await within(WORK_MS, work(source.manager), late);
    } catch (error) {
      if (isUnavailable(error)) this.lost(source, error);
      else if (!isCrowded(error)) throw error;
      throw new UnavailableError(DATABASE_NAME, error);
    }
  }

  /** Rejects unless the database responds. */
  async ping(): Promise<void> {
    await this.use((entities) => entities.query('SELECT 1'));
  }

  async onModuleDestroy(): Promise<void> {
    this.ending.abort();
    await this.connecting;
    await this.source?.destroy();
    this.source = undefined;
  }

  private async connect(): Promise<void> {
    this.source = await keepTrying(() => this.open(), {
      ...RECONNECT,
      signal: this.ending.signal,
      failed: (error, failures) => {
        if (failures > 1) return;
        this.log.warn('database unavailable, trying again', { store: DATABASE_NAME, error });
      },
    });
    if (this.source) this.log.log('database connected', { store: DATABASE_NAME });
  }

  private async open(): Promise<DataSource> {
    const address = this.config.database;
    const source = await dataSource(address, this.log);
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
    source.subscribers.push(querySpans(address, DATABASE_NAME, this.telemetry));
    tracePoolWaits(source);
    return source;
  }

  /** Only the first of many failing requests reconnects; the others fail on the old connections. */
  private lost(source: DataSource, error: unknown): void {
    if (this.source !== source || this.ending.signal.aborted) return;
    this.log.warn('database lost', { store: DATABASE_NAME, error });
    this.source = undefined;
    source.destroy().catch(() => undefined); // its connections are dead, so closing them may fail
    // Outside the trace of the request that noticed the loss, because that trace ends earlier.
    this.connecting = context.with(ROOT_CONTEXT, () => this.connect());
  }
}
