import type { Json } from './parse-json.ts';
import { parseEach } from './parse-list.ts';
import { parseSpan } from './parse-spans.ts';
import { decodeMessage, type Message } from './protobuf.ts';
import { KINDS, type Span } from './span.ts';

const ENDPOINT: Message = {
  1: { name: 'serviceName', type: 'text' },
  2: { name: 'ipv4', type: 'bytes' },
  3: { name: 'ipv6', type: 'bytes' },
  4: { name: 'port', type: 'int' },
};
const ANNOTATION: Message = {
  1: { name: 'timestamp', type: 'fixed' },
  2: { name: 'value', type: 'text' },
};
const TAG: Message = { 1: { name: 'key', type: 'text' }, 2: { name: 'value', type: 'text' } };
const SPAN: Message = {
  1: { name: 'traceId', type: 'hex' },
  2: { name: 'parentId', type: 'hex' },
  3: { name: 'id', type: 'hex' },
  4: { name: 'kind', type: 'int' },
  5: { name: 'name', type: 'text' },
  6: { name: 'timestamp', type: 'fixed' },
  7: { name: 'duration', type: 'long' },
  8: { name: 'localEndpoint', type: ENDPOINT },
  9: { name: 'remoteEndpoint', type: ENDPOINT },
  10: { name: 'annotations', type: ANNOTATION, list: true },
  11: { name: 'tags', type: TAG, list: true },
  12: { name: 'debug', type: 'flag' },
  13: { name: 'shared', type: 'flag' },
};
/** Zipkin's zipkin.proto3. */
const LIST_OF_SPANS: Message = { 1: { name: 'spans', type: SPAN, list: true } };

/**
 * Parses Zipkin's protobuf, and cleans the spans like those in JSON.
 * @throws MalformedError naming the span and the field
 */
export function parseProtoSpans(body: Buffer): Span[] {
  const { spans = [] } = decodeMessage(body, LIST_OF_SPANS);
  return parseEach(spans as Json[], (span) => [parseSpan(toJson(span))]); // as the message says
}

/** The same span as JSON would have it. What has no value is left out, as Zipkin does. */
function toJson({ kind, tags = [], annotations = [], ...span }: Json): Json {
  const pairs = (tags as Json[]).filter(({ key }) => key !== undefined && key !== '');
  return {
    ...span,
    ...(span['parentId'] === '' && { parentId: undefined }),
    kind: KINDS[Number(kind ?? 0) - 1],
    localEndpoint: endpoint(span['localEndpoint']),
    remoteEndpoint: endpoint(span['remoteEndpoint']),
    annotations: (annotations as Json[]).filter(
      ({ timestamp = '0', value = '' }) => timestamp !== '0' && value !== '',
    ),
    tags: Object.fromEntries(pairs.map(({ key, value = '' }) => [key, value])),
  };
}

function endpoint(of: unknown): unknown {
  if (of === undefined) return undefined;
  const { ipv4, ipv6, ...rest } = of as Json; // as ENDPOINT says
  return { ...rest, ipv4: address(ipv4), ipv6: address(ipv6) };
}

/** The text of 4 or 16 bytes; other lengths are no address. */
function address(bytes: unknown): string | undefined {
  if (!Buffer.isBuffer(bytes)) return undefined;
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  if (isEmbeddedIPv4(bytes)) return bytes.subarray(12).join('.');
  return bytes.toString('hex').replace(/(.{4})(?=.)/g, '$1:');
}

/** `::1.2.3.4`, but not `::1`. Zipkin reads `::ffff:1.2.3.4` as IPv6. */
function isEmbeddedIPv4(bytes: Buffer): boolean {
  return /^0{24}/.test(bytes.toString('hex')) && bytes.readUInt32BE(12) !== 1;
}
