import { trace } from '@opentelemetry/api';
import { isInstrumented } from './agent.ts';
import { context } from './context.ts';
import {
  CONNECTION_ACQUIRED,
  CONNECTION_WAIT_MS,
  type DatabaseCall,
  DatabaseCalls,
  type DatabaseOptions,
} from './database-calls.ts';
import { WAIT_DURATION } from './semconv.ts';
import type { Tracing } from './tracing.ts';

/** The events of a MongoClient that are read here; MongoDB's and Mongoose's clients have them. */
export interface MongoEvents {
  on(name: 'commandStarted', listener: (event: CommandStarted) => void): unknown;
  on(name: 'commandSucceeded', listener: (event: CommandSucceeded) => void): unknown;
  on(name: 'commandFailed', listener: (event: CommandFailed) => void): unknown;
  on(name: 'connectionCheckedOut', listener: (event: CheckedOut) => void): unknown;
}

type ConnectionId = string | number | bigint | undefined;

interface Command {
  readonly requestId: number;
  readonly connectionId?: ConnectionId;
  readonly commandName: string;
}
interface CommandStarted extends Command {
  readonly address: string;
  readonly databaseName: string;
  readonly command: Readonly<Record<string, unknown>>;
}
interface CommandSucceeded extends Command {
  readonly duration: number;
  readonly reply: unknown;
}
interface CommandFailed extends Command {
  readonly duration: number;
  readonly failure: Error;
}
interface CheckedOut {
  readonly connectionId: ConnectionId;
  readonly durationMS: number;
}

/** The driver's own commands and the ends of cursors: they tell a reader of a trace nothing. */
const SILENT = new Set(['hello', 'ismaster', 'ping', 'endSessions', 'killCursors']);

/**
 * Makes a CLIENT span of every command of a MongoDB client, which must have `monitorCommands`. The driver's events run in the caller's
 * context. A wait for a connection is an event on the span that the command belongs to.
 */
export function traceMongo(
  client: MongoEvents,
  tracing: Tracing,
  options: Omit<DatabaseOptions, 'system'>,
): void {
  const calls = new DatabaseCalls(tracing, { ...options, system: 'mongodb' });
  const running = new Map<string, DatabaseCall>();
  const traced = !hasSpans(client);
  /** By connection: how long its last user waited for it. */
  const waits = new Map<ConnectionId, number>();

  client.on('connectionCheckedOut', ({ connectionId, durationMS }) => {
    if (durationMS >= CONNECTION_WAIT_MS) waits.set(connectionId, durationMS);
  });
  client.on('commandStarted', (event) => {
    const { commandName: operation, databaseName: namespace, address: where } = event;
    if (SILENT.has(operation)) return;
    const waitedMs = waits.get(event.connectionId);
    if (waitedMs !== undefined) {
      waits.delete(event.connectionId);
      const waiting = trace.getSpan(context.active());
      waiting?.addEvent(CONNECTION_ACQUIRED, { [WAIT_DURATION]: waitedMs / 1000 });
    }
    const [address = '', port = ''] = where.split(/:(?=\d+$)/);
    const collection = collectionOf(event);
    const call = { namespace, operation, collection, address, port: Number(port), traced };
    running.set(key(event), calls.begin(call));
  });

  const ended = (event: Command): DatabaseCall | undefined => {
    const call = running.get(key(event));
    running.delete(key(event));
    return call;
  };
  client.on('commandSucceeded', (event) => {
    const code = writeError(event.reply);
    const seconds = event.duration / 1000;
    if (code === undefined) ended(event)?.succeeded(seconds);
    else ended(event)?.refused('MongoWriteError', String(code), seconds);
  });
  client.on('commandFailed', (event) => {
    ended(event)?.failed(event.failure, event.duration / 1000);
  });
}

/** Whether another instrumentation makes the spans. It wraps the driver's own classes, so only a client shows it. */
function hasSpans(client: object): boolean {
  const { s } = client as { s?: { sessionPool?: { acquire?: unknown } } };
  return isInstrumented(s?.sessionPool?.acquire);
}

/** A command's first value is its collection; `getMore` has a cursor there and the collection in a field of its own. */
function collectionOf({ command, commandName }: CommandStarted): string | undefined {
  const target: unknown = command[commandName === 'getMore' ? 'collection' : commandName];
  return typeof target === 'string' ? target : undefined;
}

function key({ connectionId, requestId }: Command): string {
  return `${String(connectionId)}/${requestId}`;
}

/** A refused write (a duplicate key) is part of a successful reply. */
function writeError(reply: unknown): number | undefined {
  return (reply as { writeErrors?: { code: number }[] } | undefined)?.writeErrors?.[0]?.code; // the server's document
}
