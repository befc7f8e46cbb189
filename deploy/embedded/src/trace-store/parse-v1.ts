import { parseEndpoint } from './parse-endpoint.ts';
import { parseMicros, parseObject, parseText, type Json } from './parse-json.ts';
import { parseJsonList } from './parse-list.ts';
import { parseFlag, parseSpan, present, required } from './parse-spans.ts';
import { assertLowerHex, compareText, MalformedError, type Span } from './span.ts';
import { splitV1, type V1Address, type V1Annotation, type V1Span, type V1Tag } from './split-v1.ts';

/**
 * Parses a list of spans in Zipkin v1 JSON, in which a span has the annotations of all services that took part in it, and returns a span
 * for each service.
 * @throws MalformedError naming the span and the field
 */
export function parseV1Spans(body: string): Span[] {
  return parseJsonList(body, (span) =>
    splitV1(parseV1(parseObject(span, 'span'))).map((part) => parseSpan({ ...part })),
  );
}

function parseV1(json: Json): V1Span {
  const annotations = list(json['annotations'], 'annotations').map(parseAnnotation);
  const binaries = list(json['binaryAnnotations'], 'binaryAnnotations').flatMap(parseBinary);
  binaries.sort((a, b) => compareText(a.key, b.key));
  const traceId = required(json['traceId'], 'traceId');
  return {
    traceId: traceId.length > 16 && traceId.length < 32 ? traceId.slice(-16) : traceId,
    id: lowId(json['id'], 'id'),
    parentId: present(json['parentId'], (value) => lowId(value, 'parentId')),
    name: present(json['name'], (value) => parseText(value, 'name')),
    timestamp: present(json['timestamp'], (value) => parseMicros(value, 'timestamp')) ?? 0,
    duration: present(json['duration'], (value) => parseMicros(value, 'duration')) ?? 0,
    debug: present(json['debug'], (value) => parseFlag(value, 'debug')),
    annotations: annotations.sort(
      (a, b) => a.timestamp - b.timestamp || compareText(a.value, b.value),
    ),
    tags: binaries.flatMap((it) => ('value' in it ? [it] : [])),
    addresses: binaries.flatMap((it) => ('value' in it ? [] : [it])),
  };
}

/** Ids may be too long in v1: their end counts. */
function lowId(value: unknown, field: string): string {
  const id = required(value, field);
  if (id.length > 32) throw new MalformedError(`${field}.length > 32`);
  assertLowerHex(id);
  return id.slice(-16);
}

function list(value: unknown, field: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new MalformedError(`${field} is not a list`);
  return value;
}

function parseAnnotation(item: unknown): V1Annotation {
  const { timestamp, value, endpoint } = parseObject(item, 'annotation');
  if (timestamp === undefined || value === undefined) {
    throw new MalformedError('an annotation lacks its timestamp or value');
  }
  return {
    timestamp: parseMicros(timestamp, 'annotation timestamp'),
    value: parseText(value, 'annotation value'),
    endpoint: present(endpoint, (it) => parseEndpoint(it, 'endpoint')),
  };
}

const ADDRESSES = new Set(['ca', 'sa', 'ma']);

/** A text is a tag, and with one of three keys an address, also with `true` as its value. Zipkin drops all others. */
function parseBinary(item: unknown): (V1Tag | V1Address)[] {
  const { key, value, endpoint: at } = parseObject(item, 'binary annotation');
  if (key === undefined || key === null) {
    throw new MalformedError('a binary annotation has no key');
  }
  const name = parseText(key, 'key');
  const endpoint = present(at, (it) => parseEndpoint(it, 'endpoint'));
  if (ADDRESSES.has(name)) {
    const named = value === true || typeof value === 'string';
    return named && endpoint ? [{ key: name, endpoint }] : [];
  }
  return typeof value === 'string' ? [{ key: name, value, endpoint }] : [];
}
