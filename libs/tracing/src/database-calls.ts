import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import { context } from './context.ts';
import { failureCode } from './exceptions.ts';
import { SERVICE_PEER_NAME } from './semconv.ts';
import { errorType, failCall } from './spans.ts';
import type { Tracing } from './tracing.ts';

/** The event on a span whose next operation had to wait for a connection. */
export const CONNECTION_ACQUIRED = 'db.client.connection.acquired';
/** A connection that was there is had in less. Longer waits are shown. */
export const CONNECTION_WAIT_MS = 5;

/** An operation that is over. Its figures are those of its span. */
export interface EndedOperation {
  readonly system: string;
  readonly namespace: string;
  readonly collection: string | undefined;
  readonly operation: string;
  /** A code such as ECONNRESET or ER_DUP_ENTRY, else the class of the error. */
  readonly errorType: string | undefined;
  readonly seconds: number;
}

/** What the commands of a database have in common. */
export interface DatabaseOptions {
  /** As in `db.system.name`: `mongodb`, `mysql`, `sqlite`. */
  readonly system: string;
  /** Name of the database in spans of its callers, such as `carts-db`. Undefined with a database inside of the process: its spans are INTERNAL. */
  readonly peer?: string | undefined;
  /** Called once for every operation, traced or not. */
  readonly ended?: (operation: EndedOperation) => void;
}

/** A command of a database, before it runs. */
export interface Operation {
  readonly namespace: string;
  readonly operation: string;
  readonly collection?: string | undefined;
  /** With place holders, never with values. */
  readonly text?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  /** `false`: another instrumentation makes the span. */
  readonly traced?: boolean;
}

/**
 * Spans of the operations of one database. Operations outside of a request or message (connecting, index builds, probes) make none, so
 * there are no lone roots.
 */
export class DatabaseCalls {
  constructor(
    readonly tracing: Tracing,
    readonly options: DatabaseOptions,
  ) {}

  /** Starts the span of an operation below the active one. */
  begin(operation: Operation): DatabaseCall {
    return new DatabaseCall(this, operation);
  }
}

/** A command that has begun, and its end. */
export class DatabaseCall {
  private readonly began = performance.now();
  private readonly span: Span | undefined;

  constructor(
    private readonly calls: DatabaseCalls,
    private readonly operation: Operation,
  ) {
    const parent = context.active();
    if (operation.traced === false || trace.getSpan(parent) === undefined) return;
    const { peer } = calls.options;
    const { operation: verb, collection } = operation;
    this.span = calls.tracing.tracer.startSpan(
      collection === undefined ? verb : `${verb} ${collection}`,
      {
        kind: peer === undefined ? SpanKind.INTERNAL : SpanKind.CLIENT,
        attributes: attributesOf(operation, calls.options),
      },
      parent,
    );
  }

  succeeded(seconds = this.seconds()): void {
    this.end(undefined, seconds);
  }

  /** The database refused it within a response that says so; no error was thrown. */
  refused(type: string, code: string, seconds = this.seconds()): void {
    this.span?.setAttribute(ATTR_ERROR_TYPE, type);
    this.span?.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, code);
    this.span?.setStatus({ code: SpanStatusCode.ERROR });
    this.end(type, seconds);
  }

  failed(error: unknown, seconds = this.seconds()): void {
    const type = failureCode(error) ?? errorType(error);
    if (this.span) {
      failCall(this.span, error, type);
      const code = responseCode(error);
      if (code !== undefined) this.span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, code);
    }
    this.end(type, seconds);
  }

  private seconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  private end(type: string | undefined, seconds: number): void {
    this.span?.end();
    const { namespace, collection, operation } = this.operation;
    const { system, ended } = this.calls.options;
    ended?.({ system, namespace, collection, operation, errorType: type, seconds });
  }
}

function attributesOf(of: Operation, { system, peer }: DatabaseOptions): Attributes {
  const { namespace, operation, collection, text, address, port } = of;
  const attributes: Attributes = {
    [ATTR_DB_SYSTEM_NAME]: system,
    [ATTR_DB_NAMESPACE]: namespace,
    [ATTR_DB_OPERATION_NAME]: operation,
  };
  if (collection !== undefined) attributes[ATTR_DB_COLLECTION_NAME] = collection;
  if (text !== undefined) {
    attributes[ATTR_DB_QUERY_TEXT] = text;
    attributes[ATTR_DB_QUERY_SUMMARY] =
      collection === undefined ? operation : `${operation} ${collection}`;
  }
  if (address !== undefined) attributes[ATTR_SERVER_ADDRESS] = address;
  if (port !== undefined) attributes[ATTR_SERVER_PORT] = port;
  if (peer !== undefined) attributes[SERVICE_PEER_NAME] = peer;
  return attributes;
}

/** The database's own number: MySQL's where it answered, SQLite's extended one (2067 for a unique index), MongoDB's. */
function responseCode(error: unknown): string | undefined {
  const { code, errno, errcode } = (error ?? {}) as Record<string, unknown>; // an error of some driver
  const answered = typeof errno === 'number' && errno > 0 ? errno : undefined;
  const number = errcode ?? answered ?? (typeof code === 'number' ? code : undefined);
  return typeof number === 'number' ? String(number) : undefined;
}
