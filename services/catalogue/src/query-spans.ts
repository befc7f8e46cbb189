import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
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
import type { Telemetry } from '@sockshop/telemetry';
import { context, isInstrumented, semconv } from '@sockshop/tracing';
import type {
  AfterQueryEvent,
  BeforeQueryEvent,
  DataSource,
  EntitySubscriberInterface,
} from 'typeorm';

import type { DatabaseAddress } from './database-url.ts';

interface Running {
  readonly span: Span | undefined;
  readonly startedMs: number;
  readonly operation: string;
  readonly table: string;
}

/**
 * Records a span and a duration for every query of a request. MySQL's is a CLIENT span that names the server. SQLite's is INTERNAL, as
 * there is no server to draw an edge to. Queries outside requests (probes, migrations) make no span.
 */
export class QuerySpans implements EntitySubscriberInterface {
  /** Keyed by the query's array of values, the only object that both hooks of a query see and that no other query has. */
  private readonly running = new WeakMap<object, Running>();
  private readonly system: 'mysql' | 'sqlite';
  private readonly namespace: string;

  constructor(
    private readonly address: DatabaseAddress,
    private readonly name: string,
    private readonly telemetry: Telemetry,
  ) {
    this.system = address.type;
    this.namespace = address.type === 'mysql' ? address.database : name;
  }

  beforeQuery({ query: sent, parameters, dataSource }: BeforeQueryEvent): void {
    const query = sent.replace(/\/\*.*?\*\/ ?/g, ''); // without its time limit
    const [, operation, table] =
      /^\s*(\w+)\b.*?\bFROM\s+[`"](\w+)[`"]/s.exec(withoutSubqueries(query)) ?? [];
    if (!parameters || operation === undefined || table === undefined) return; // a ping
    const parent = context.active();
    const span =
      !hasSpans(dataSource) && trace.getSpan(parent)
        ? this.telemetry.tracer.startSpan(
            `${operation} ${table}`,
            {
              kind: this.system === 'mysql' ? SpanKind.CLIENT : SpanKind.INTERNAL,
              attributes: {
                [ATTR_DB_SYSTEM_NAME]: this.system,
                [ATTR_DB_NAMESPACE]: this.namespace,
                [ATTR_DB_OPERATION_NAME]: operation,
                [ATTR_DB_COLLECTION_NAME]: table,
                [ATTR_DB_QUERY_SUMMARY]: `${operation} ${table}`,
                [ATTR_DB_QUERY_TEXT]: query, // without values, which are in `parameters`
                ...this.server(),
              },
            },
            parent,
          )
        : undefined;
    this.running.set(parameters, { span, startedMs: performance.now(), operation, table });
  }

  afterQuery({ parameters, success, error }: AfterQueryEvent): void {
    const query = parameters && this.running.get(parameters);
    if (!query) return;
    const { span, startedMs, operation, table } = query;
    const failure = success ? undefined : failureOf(error);
    if (failure) {
      span?.setAttributes(failure);
      span?.setStatus({ code: SpanStatusCode.ERROR }); // no message: it can hold values of the query
    }
    span?.end();
    this.telemetry.metrics.observeDb((performance.now() - startedMs) / 1000, {
      system: this.system,
      namespace: this.namespace,
      collection: table,
      operation,
      errorType: failure?.[ATTR_ERROR_TYPE],
    });
  }

  private server() {
    if (this.address.type === 'sqlite') return {};
    return {
      [ATTR_SERVER_ADDRESS]: this.address.host,
      [ATTR_SERVER_PORT]: this.address.port,
      [semconv.SERVICE_PEER_NAME]: this.name,
    };
  }
}

/** Whether another instrumentation makes the spans: it wraps the methods of the driver that TypeORM loads. */
function hasSpans({ driver }: DataSource): boolean {
  const { mysql } = driver as { mysql?: { Connection?: { prototype?: { query?: unknown } } } };
  return isInstrumented(mysql?.Connection?.prototype?.query);
}

function withoutSubqueries(sql: string): string {
  const shorter = sql.replace(/\([^()]*\)/g, '');
  return shorter === sql ? sql : withoutSubqueries(shorter);
}

/** `code` is a fixed word of Node's or the driver's, such as ECONNRESET; `errno` the server's number, only where it answered. */
function failureOf(error: unknown) {
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown }; // an error of some driver
  const answered = typeof errno === 'number' && errno > 0;
  return {
    [ATTR_ERROR_TYPE]: typeof code === 'string' ? code : '_OTHER',
    ...(answered && { [ATTR_DB_RESPONSE_STATUS_CODE]: String(errno) }),
  };
}
