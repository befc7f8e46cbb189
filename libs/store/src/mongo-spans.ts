import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import type { Telemetry } from '@sockshop/telemetry';
import { context, errorType, isInstrumented, semconv } from '@sockshop/tracing';
import type { mongo } from 'mongoose';
import { dbAttributes } from './db-attributes.ts';

interface Running {
  readonly span: Span | undefined;
  readonly collection: string | undefined;
  readonly namespace: string;
}

/** The driver's own commands and the ends of cursors: they tell a reader of a trace nothing. */
const SILENT = new Set(['hello', 'ismaster', 'ping', 'endSessions', 'killCursors']);

/**
 * Makes a CLIENT span and measures the duration of every command of a MongoDB client. It uses the driver's command monitoring, whose
 * events run in the caller's context. Work outside of a request (connecting, index builds, probes) makes no spans, so no lone roots.
 */
export function traceCommands(client: mongo.MongoClient, peer: string, telemetry: Telemetry): void {
  const running = new Map<string, Running>();
  const leftToOthers = hasSpans(client);

  client.on('commandStarted', (event) => {
    if (SILENT.has(event.commandName)) return;
    const collection = collectionOf(event);
    const parent = context.active();
    const [host = '', port = ''] = event.address.split(/:(?=\d+$)/);
    const span =
      !leftToOthers && trace.getSpan(parent)
        ? telemetry.tracer.startSpan(
            collection === undefined ? event.commandName : `${event.commandName} ${collection}`,
            {
              kind: SpanKind.CLIENT,
              attributes: {
                ...dbAttributes('mongodb', event.databaseName, event.commandName, collection),
                [ATTR_SERVER_ADDRESS]: host,
                [ATTR_SERVER_PORT]: Number(port),
                [semconv.SERVICE_PEER_NAME]: peer,
              },
            },
            parent,
          )
        : undefined;
    running.set(key(event), { span, collection, namespace: event.databaseName });
  });

  const finish = (
    event: mongo.CommandSucceededEvent | mongo.CommandFailedEvent,
    failure: Error | undefined,
  ): void => {
    const operation = running.get(key(event));
    if (!operation) return;
    running.delete(key(event));
    const failed = failure === undefined ? undefined : errorType(failure);
    if (failure && failed !== undefined) {
      // Without the message, which can hold values of the query.
      operation.span?.setAttribute(ATTR_ERROR_TYPE, failed);
      if ('code' in failure) {
        operation.span?.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, String(failure.code));
      }
      operation.span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    operation.span?.end();
    telemetry.metrics.observeDb(event.duration / 1000, {
      system: 'mongodb',
      namespace: operation.namespace,
      collection: operation.collection,
      operation: event.commandName,
      errorType: failed,
    });
  };
  client.on('commandSucceeded', (event) => {
    finish(event, writeFailure(event.reply));
  });
  client.on('commandFailed', (event) => {
    finish(event, event.failure);
  });
}

/** Whether another instrumentation makes the spans. It wraps the driver's own classes, so only a client shows it. */
function hasSpans(client: mongo.MongoClient): boolean {
  const { s } = client as { s?: { sessionPool?: { acquire?: unknown } } };
  return isInstrumented(s?.sessionPool?.acquire);
}

/** A command's first value is its collection; `getMore` has a cursor there and the collection in a field of its own. */
function collectionOf({ command, commandName }: mongo.CommandStartedEvent): string | undefined {
  const target: unknown = command[commandName === 'getMore' ? 'collection' : commandName];
  return typeof target === 'string' ? target : undefined;
}

function key(event: {
  requestId: number;
  connectionId?: string | number | bigint | undefined;
}): string {
  return `${String(event.connectionId)}/${event.requestId}`;
}

/** A refused write (a duplicate key) is part of a successful reply. */
function writeFailure(reply: unknown): Error | undefined {
  const errors = (reply as { writeErrors?: { code: number }[] } | undefined)?.writeErrors; // the server's document
  const first = errors?.[0];
  if (!first) return undefined;
  return Object.assign(new Error('write error'), { name: 'MongoWriteError', code: first.code });
}
