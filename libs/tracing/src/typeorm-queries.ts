import { isInstrumented } from './agent.ts';
import { activeSpan } from './context.ts';
import {
  CONNECTION_ACQUIRED,
  CONNECTION_WAIT_MS,
  type DatabaseCall,
  DatabaseCalls,
  type DatabaseOptions,
} from './database-calls.ts';
import type { Tracing } from './tracing.ts';
import { recordWait } from './waits.ts';

/** Options of `TypeOrmQueries`. */
export interface TypeOrmOptions extends DatabaseOptions {
  readonly namespace: string;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

interface Query {
  readonly query: string;
  readonly parameters?: object;
  readonly dataSource: { readonly driver: object };
}

interface EndedQuery {
  readonly parameters?: object;
  readonly success: boolean;
  readonly error?: unknown;
}

/**
 * A subscriber of TypeORM's that makes a span of every query that reads one table: `source.subscribers.push(new TypeOrmQueries(…))`.
 * The query's text is sent with place holders; its values are in no span.
 */
export class TypeOrmQueries {
  /** Keyed by the query's array of values, the only object that both hooks of a query see and that no other query has. */
  private readonly running = new WeakMap<object, DatabaseCall>();
  private readonly calls: DatabaseCalls;

  constructor(
    tracing: Tracing,
    private readonly options: TypeOrmOptions,
  ) {
    this.calls = new DatabaseCalls(tracing, options);
  }

  beforeQuery({ query, parameters, dataSource }: Query): void {
    const text = query.replace(/\/\*.*?\*\/ ?/g, ''); // without hints and time limits
    const [, operation, collection] =
      /^\s*(\w+)\b.*?\bFROM\s+[`"](\w+)[`"]/s.exec(withoutSubqueries(text)) ?? [];
    if (!parameters || operation === undefined || collection === undefined) return; // a ping
    const { namespace, address, port } = this.options;
    const traced = !hasSpans(dataSource);
    const call = { namespace, operation, collection, text, address, port, traced };
    this.running.set(parameters, this.calls.begin(call));
  }

  afterQuery({ parameters, success, error }: EndedQuery): void {
    const call = parameters && this.running.get(parameters);
    if (success) call?.succeeded();
    else call?.failed(error);
  }
}

type Acquired = (error: unknown, ...rest: unknown[]) => void;

/** Shows a wait for a connection of TypeORM's pool for MySQL on the span that waits. */
export function tracePoolWaits({ driver }: Query['dataSource']): void {
  const { pool } = driver as { pool?: { getConnection?: (done: Acquired) => void } };
  const acquire = pool?.getConnection;
  if (pool === undefined || acquire === undefined) return; // another driver
  pool.getConnection = (done) => {
    const since = performance.now();
    const span = activeSpan();
    acquire.call(pool, (error, ...rest) => {
      recordWait(span, CONNECTION_ACQUIRED, since, CONNECTION_WAIT_MS);
      done(error, ...rest);
    });
  };
}

/** Whether another instrumentation makes the spans: it wraps the methods of the driver that TypeORM loads. */
function hasSpans({ driver }: Query['dataSource']): boolean {
  const { mysql } = driver as { mysql?: { Connection?: { prototype?: { query?: unknown } } } };
  return isInstrumented(mysql?.Connection?.prototype?.query);
}

function withoutSubqueries(sql: string): string {
  const shorter = sql.replace(/\([^()]*\)/g, '');
  return shorter === sql ? sql : withoutSubqueries(shorter);
}
