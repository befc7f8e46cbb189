import type { BodyOf } from '../responses.ts';
import type { StoredLine } from './log-store.ts';
import type { responses } from './trace-responses.ts';

type LineJson = BodyOf<typeof responses.logs>['lines'][number];

/**
 * The fields of log lines that readers of a trace may see. The list names what is allowed, as for tags, so a new field is hidden until it is
 * added here. Not on the list: ids and pseudonyms of customers, texts of errors, statements.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'amount',
  'attempt',
  'delayMs',
  'durationMs',
  'errorType',
  'lines',
  'method',
  'milliseconds',
  'orderId',
  'queue',
  'repeated',
  'route',
  'shipmentId',
  'status',
  'store',
  'upstream',
  'was',
]);

/** Undefined for a line that belongs to no span. */
export function shownLine({
  atMs,
  spanId,
  service,
  level,
  message,
  fields,
}: StoredLine): LineJson | undefined {
  if (spanId === undefined) return undefined;
  const shown = Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    const text = name === 'error' ? errorName(value) : SHOWN.has(name) ? plain(value) : undefined;
    return text === undefined ? [] : [[name, text]];
  });
  return {
    atMs,
    spanId,
    service,
    level,
    message: FIXED_MESSAGE.test(message) ? message : '',
    fields: Object.fromEntries(shown),
  };
}

/** Of `TypeError: …`; what follows may quote anything. */
function errorName(value: unknown): string | undefined {
  return typeof value === 'string' ? /^(\w{1,60}):/.exec(value)?.[1] : undefined;
}

function plain(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && PLAIN.test(text) ? text : undefined;
}

const PLAIN = /^[\w ./{}:-]{1,80}$/;
/** Messages of the shop are fixed and have no values in them; a text with digits or quotation marks is that of some error. */
const FIXED_MESSAGE = /^[A-Za-z][A-Za-z ,:;()/_-]{0,120}$/;
