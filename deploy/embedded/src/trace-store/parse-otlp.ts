import { type HrTime, type Link, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { hrTimeDuration } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { semconv, toZipkin } from '@sockshop/tracing';
import { parseAttributes, parseList } from './otlp-attributes.ts';
import { TRACES } from './otlp-messages.ts';
import { parseObject, parseText, type Json } from './parse-json.ts';
import { parseEach, parseJsonText } from './parse-list.ts';
import { parseSpan, required } from './parse-spans.ts';
import { decodeMessage } from './protobuf.ts';
import { MalformedError, type Span } from './span.ts';

/** OTLP counts from 1; 0 is unspecified. */
const KINDS = [
  SpanKind.INTERNAL,
  SpanKind.INTERNAL,
  SpanKind.SERVER,
  SpanKind.CLIENT,
  SpanKind.PRODUCER,
  SpanKind.CONSUMER,
];
const STATUS_CODES = [SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR];
/** Bits of a span's flags: whether they say where the parent is, and whether it is in another process. */
const KNOWS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** What older instrumentation calls the remote end, the best first. `service.peer.name` and `server.address` the encoder knows. */
const OLD_REMOTE_NAMES = [
  'net.peer.name',
  'server.socket.domain',
  'net.sock.peer.name',
  'peer.hostname',
  'peer.address',
  'db.name',
];

/** @throws MalformedError naming the span and the field */
export function parseOtlpProto(body: Buffer): Span[] {
  return parseTraces(decodeMessage(body, TRACES));
}

/** @throws MalformedError naming the span and the field */
export function parseOtlpJson(body: string): Span[] {
  const expected = 'an ExportTraceServiceRequest in JSON';
  return parseTraces(parseObject(parseJsonText(body, expected), expected));
}

/** The spans as the shop's own encoder writes them to Zipkin: a service's spans look the same, whichever way they come. */
function parseTraces({ resourceSpans }: Json): Span[] {
  const found: { span: unknown; of: Origin }[] = [];
  for (const item of parseList(resourceSpans, 'resourceSpans')) {
    const { resource, scopeSpans } = parseObject(item, 'resourceSpans');
    const attributes = parseAttributes(parseOptional(resource)['attributes'], 'resource');
    const origin = resourceFromAttributes({
      [ATTR_SERVICE_NAME]: 'unknown_service',
      ...attributes,
    });
    for (const scoped of parseList(scopeSpans, 'scopeSpans')) {
      const { scope, spans } = parseObject(scoped, 'scopeSpans');
      const { name = '', version } = parseOptional(scope);
      const instrumentationScope = {
        name: parseText(name, 'scope name'),
        ...(version !== undefined && { version: parseText(version, 'scope version') }),
      };
      const of = { resource: origin, instrumentationScope };
      for (const span of parseList(spans, 'spans')) found.push({ span, of });
    }
  }
  return parseEach(found, ({ span, of }) => [toSpan(readable(parseObject(span, 'span'), of))]);
}

type Origin = Pick<ReadableSpan, 'resource' | 'instrumentationScope'>;

function toSpan(span: ReadableSpan): Span {
  const encoded: Json = { ...toZipkin(span, {}, false) };
  const remote = parseOptional(encoded['remoteEndpoint']);
  const { attributes } = span;
  const name =
    attributes[semconv.SERVICE_PEER_NAME] ??
    attributes['peer.service'] ??
    remote['serviceName'] ??
    OLD_REMOTE_NAMES.map((key) => attributes[key]).find((it) => it !== undefined);
  const isCaller = span.kind !== SpanKind.SERVER && span.kind !== SpanKind.INTERNAL;
  if (isCaller && typeof name === 'string') {
    encoded['remoteEndpoint'] = { ...remote, serviceName: name };
  }
  return parseSpan(encoded);
}

function readable(json: Json, origin: Origin): ReadableSpan {
  const traceId = required(json['traceId'], 'traceId').toLowerCase();
  const spanId = required(json['spanId'], 'spanId').toLowerCase();
  const parentSpanId = parseText(json['parentSpanId'] ?? '', 'parentSpanId').toLowerCase();
  if (traceId.length !== 32) throw new MalformedError('traceId is not 16 bytes');
  if (spanId.length !== 16) throw new MalformedError('spanId is not 8 bytes');
  const flags = count(json['flags']);
  const ids = (id: string) => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  const startTime = time(json['startTimeUnixNano'], 'startTimeUnixNano');
  const endTime = time(json['endTimeUnixNano'], 'endTimeUnixNano');
  const { code, message } = parseOptional(json['status']);
  return {
    ...origin,
    name: parseText(json['name'] ?? '', 'name'),
    kind: KINDS[count(json['kind'])] ?? SpanKind.INTERNAL,
    spanContext: () => ids(spanId),
    ...(parentSpanId !== '' && {
      parentSpanContext: {
        ...ids(parentSpanId),
        ...(flags & KNOWS_REMOTE && { isRemote: (flags & IS_REMOTE) !== 0 }),
      },
    }),
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    status: {
      code: STATUS_CODES[count(code)] ?? SpanStatusCode.UNSET,
      ...(message !== undefined && { message: parseText(message, 'status message') }),
    },
    attributes: parseAttributes(json['attributes'], 'attributes'),
    events: parseList(json['events'], 'events').map(parseEvent),
    links: parseList(json['links'], 'links').map(parseLink),
    ended: true,
    droppedAttributesCount: count(json['droppedAttributesCount']),
    droppedEventsCount: count(json['droppedEventsCount']),
    droppedLinksCount: count(json['droppedLinksCount']),
  };
}

function parseEvent(item: unknown): TimedEvent {
  const event = parseObject(item, 'event');
  return {
    name: parseText(event['name'] ?? '', 'event name'),
    time: time(event['timeUnixNano'], 'timeUnixNano'),
    attributes: parseAttributes(event['attributes'], 'event attributes'),
  };
}

function parseLink(item: unknown): Link {
  const link = parseObject(item, 'link');
  return {
    context: {
      traceId: required(link['traceId'], 'link traceId').toLowerCase(),
      spanId: required(link['spanId'], 'link spanId').toLowerCase(),
      traceFlags: TraceFlags.SAMPLED,
    },
    attributes: parseAttributes(link['attributes'], 'link attributes'),
  };
}

function parseOptional(value: unknown): Json {
  return value === undefined || value === null ? {} : parseObject(value, 'message');
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}

/** Nanoseconds since 1970: more digits than a number holds, so JSON has them as text. */
function time(value: unknown, field: string): HrTime {
  const text = parseText(value ?? '0', field);
  if (!/^\d{1,20}$/.test(text)) throw new MalformedError(`${field} is not a whole number`);
  const nanos = BigInt(text);
  return [Number(nanos / 1_000_000_000n), Number(nanos % 1_000_000_000n)];
}
