import { parseEndpoint } from './parse-endpoint.ts';
import { parseJsonList } from './parse-list.ts';
import { parseMicros, parseObject, parseText, type Json } from './parse-json.ts';
import {
  assertLowerHex,
  KINDS,
  MalformedError,
  normalTraceId,
  sortedAnnotations,
  type Annotation,
  type Kind,
  type Span,
} from './span.ts';

/** Tags of a span, and annotations. Exporters send 128 at most by default. Each of them costs more than its bytes. */
const MOST = 256;

/**
 * Parses a list of spans in Zipkin v2 JSON and cleans it like Zipkin: lower-case names, padded ids, no empty part.
 * @throws MalformedError naming the span and the field
 */
export function parseSpans(body: string): Span[] {
  return parseJsonList(body, (span) => [parseSpan(parseObject(span, 'span'))]);
}

/** @throws MalformedError naming the field */
export function parseSpan(json: Json): Span {
  const id = parseSpanId(json['id'], 'id');
  if (/^0{16}$/.test(id)) throw new MalformedError('id is all zeros');
  const span: Span = { traceId: normalTraceId(required(json['traceId'], 'traceId')), id };
  const parentId = present(json['parentId'], (value) => parseSpanId(value, 'parentId'));
  if (parentId && parentId !== id && /[^0]/.test(parentId)) span.parentId = parentId;
  const kind = present(json['kind'], parseKind);
  if (kind) span.kind = kind;
  const name = present(json['name'], (value) => parseText(value, 'name').toLowerCase());
  if (name) span.name = name;
  const timestamp = present(json['timestamp'], (value) => parseMicros(value, 'timestamp'));
  if (timestamp) span.timestamp = timestamp;
  const duration = present(json['duration'], (value) => parseMicros(value, 'duration'));
  if (duration) span.duration = duration;
  const local = present(json['localEndpoint'], (value) => parseEndpoint(value, 'localEndpoint'));
  if (local) span.localEndpoint = local;
  const remote = present(json['remoteEndpoint'], (value) => parseEndpoint(value, 'remoteEndpoint'));
  if (remote) span.remoteEndpoint = remote;
  const annotations = present(json['annotations'], parseAnnotations);
  if (annotations?.length) span.annotations = annotations;
  const tags = present(json['tags'], parseTags);
  if (tags) span.tags = tags;
  if (present(json['debug'], (value) => parseFlag(value, 'debug'))) span.debug = true;
  const shared = present(json['shared'], (value) => parseFlag(value, 'shared'));
  if (shared && kind !== 'CLIENT') span.shared = true; // only a server joins another's span
  return span;
}

export function present<T>(value: unknown, parse: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : parse(value);
}

export function required(value: unknown, field: string): string {
  if (value === undefined) throw new MalformedError(`${field} is missing`);
  return parseText(value, field);
}

function parseSpanId(value: unknown, field: string): string {
  const id = required(value, field);
  if (id.length === 0) throw new MalformedError(`${field} is empty`);
  if (id.length > 16) throw new MalformedError(`${field}.length > 16`);
  assertLowerHex(id);
  return id.padStart(16, '0');
}

function parseKind(value: unknown): Kind {
  const kind = KINDS.find((it) => it === value);
  if (!kind) throw new MalformedError(`kind is not one of ${KINDS.join(', ')}`);
  return kind;
}

export function parseFlag(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedError(`${field} is not true or false`);
  return value;
}

function parseAnnotations(value: unknown): Annotation[] {
  if (!Array.isArray(value)) throw new MalformedError('annotations is not a list');
  if (value.length > MOST) throw new MalformedError(`more than ${MOST} annotations`);
  return sortedAnnotations(
    value.map((item) => {
      const { timestamp, value: text } = parseObject(item, 'annotation');
      if (timestamp === undefined || text === undefined) {
        throw new MalformedError('an annotation lacks its timestamp or value');
      }
      return {
        timestamp: parseMicros(timestamp, 'annotation timestamp'),
        value: parseText(text, 'annotation value'),
      };
    }),
  );
}

/** Sorted by key. Undefined where there are none. */
function parseTags(value: unknown): Record<string, string> | undefined {
  const tags = parseObject(value, 'tags');
  const keys = Object.keys(tags);
  if (keys.length === 0) return undefined;
  if (keys.length > MOST) throw new MalformedError(`more than ${MOST} tags`);
  const sorted: Record<string, string> = {};
  for (const key of keys.sort()) {
    const text = tags[key];
    const parsed = typeof text === 'string' ? text : parseText(text, `tag ${key}`);
    // Else this key would set the prototype.
    if (key === '__proto__') {
      Object.defineProperty(sorted, key, { value: parsed, enumerable: true });
    } else sorted[key] = parsed;
  }
  return sorted;
}
