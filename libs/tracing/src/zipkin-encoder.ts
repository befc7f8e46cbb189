import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { hrTimeToMicroseconds } from '@opentelemetry/core';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { isIP } from 'node:net';
import { SCOPE } from './scope.ts';
import { SERVICE_PEER_NAME } from './semconv.ts';

/** A span in Zipkin's v2 JSON. Times in microseconds since the epoch. */
export interface ZipkinSpan {
  traceId: string;
  id: string;
  parentId?: string;
  name: string;
  kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  timestamp: number;
  duration: number;
  localEndpoint: ZipkinEndpoint;
  remoteEndpoint?: ZipkinEndpoint;
  tags: Record<string, string>;
  annotations?: { timestamp: number; value: string }[];
  debug?: true;
  shared?: true;
}

/** One end of a span, in Zipkin's form. */
export interface ZipkinEndpoint {
  serviceName?: string;
  ipv4?: string;
  ipv6?: string;
  port?: number;
}

/** Where the service listens; empty until it does. */
export interface LocalAddress {
  address?: string;
  port?: number;
}

const KINDS = {
  [SpanKind.INTERNAL]: undefined,
  [SpanKind.CLIENT]: 'CLIENT',
  [SpanKind.SERVER]: 'SERVER',
  [SpanKind.PRODUCER]: 'PRODUCER',
  [SpanKind.CONSUMER]: 'CONSUMER',
} as const;

/**
 * Our own encoder: OpenTelemetry has retired its exporter for Zipkin, which never named the remote end (so Zipkin draws no edge to a
 * database or broker), wrote `error` only beside a description, dropped event attributes and could round a duration to 0.
 */
export function toZipkin(span: ReadableSpan, at: LocalAddress, debug: boolean): ZipkinSpan {
  const { traceId, spanId } = span.spanContext();
  const kind = KINDS[span.kind];
  const remote = remoteEndpoint(span.kind, span.attributes);
  const parentId = span.parentSpanContext?.spanId;
  // Assigned one by one: every span comes here, and spreading an object for each field takes three times as long.
  const encoded: ZipkinSpan = {
    traceId,
    id: spanId,
    name: span.name.toLowerCase(),
    timestamp: Math.round(hrTimeToMicroseconds(span.startTime)),
    duration: Math.max(1, Math.round(hrTimeToMicroseconds(span.duration))),
    localEndpoint: address(at.address, at.port),
    tags: tags(span),
  };
  encoded.localEndpoint.serviceName = String(
    span.resource.attributes[ATTR_SERVICE_NAME],
  ).toLowerCase();
  if (parentId) encoded.parentId = parentId;
  if (kind) encoded.kind = kind;
  if (remote) encoded.remoteEndpoint = remote;
  if (span.events.length > 0) encoded.annotations = span.events.map(annotation);
  if (debug) encoded.debug = true;
  if ('shared' in span && span.shared === true) encoded.shared = true;
  return encoded;
}

/** Zipkin draws an edge to a database or broker from this name. Both ends of a queue need it. */
function remoteEndpoint(kind: SpanKind, attributes: Attributes): ZipkinEndpoint | undefined {
  if (kind === SpanKind.INTERNAL) return undefined;
  if (kind === SpanKind.SERVER) {
    const caller = address(text(attributes[ATTR_CLIENT_ADDRESS]), undefined);
    return caller.ipv4 || caller.ipv6 ? caller : undefined;
  }
  const name = text(attributes[SERVICE_PEER_NAME]) ?? text(attributes[ATTR_SERVER_ADDRESS]);
  const port = attributes[ATTR_NETWORK_PEER_PORT] ?? attributes[ATTR_SERVER_PORT];
  const peer = text(attributes[ATTR_NETWORK_PEER_ADDRESS]) ?? text(attributes[ATTR_SERVER_ADDRESS]);
  const where = address(peer, typeof port === 'number' ? port : undefined);
  if (name !== undefined) where.serviceName = name.toLowerCase();
  const { serviceName, ipv4, ipv6 } = where;
  return (serviceName ?? ipv4 ?? ipv6 ?? where.port) ? where : undefined;
}

function address(host: string | undefined, port: number | undefined): ZipkinEndpoint {
  const endpoint: ZipkinEndpoint = {};
  if (host !== undefined) {
    const family = familyOf(host);
    if (family === 4) endpoint.ipv4 = host;
    else if (family === 6) endpoint.ipv6 = host;
  }
  if (port !== undefined && port > 0) endpoint.port = port;
  return endpoint;
}

const families = new Map<string, number>();
/** Then it begins anew: behind a proxy there may be very many callers. */
const MOST_FAMILIES = 1000;

/** 4, 6 or 0, as `isIP`, which tries two large patterns. */
function familyOf(host: string): number {
  const known = families.get(host);
  if (known !== undefined) return known;
  if (families.size >= MOST_FAMILIES) families.clear();
  const family = isIP(host);
  families.set(host, family);
  return family;
}

function tags(span: ReadableSpan): Record<string, string> {
  const result: Record<string, string> = {};
  const { attributes } = span;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== undefined) result[name] = tagText(value);
  }
  // Once per process and trace, not on every span: a version splits traffic, and each tag costs memory in the store.
  const localRoot = !span.parentSpanContext || span.parentSpanContext.isRemote === true;
  if (localRoot) addResource(result, span);
  if (localRoot || span.instrumentationScope.name !== SCOPE.name) addScope(result, span);
  addDropped(result, span);
  if (span.links.length > 0) addLinks(result, span);
  if (span.status.code === SpanStatusCode.ERROR) {
    result['otel.status_code'] = 'ERROR';
    result['error'] = span.status.message ?? '';
  } else {
    // Zipkin would count an attribute of that name as an error.
    delete result['error'];
    if (span.status.code === SpanStatusCode.OK) result['otel.status_code'] = 'OK';
  }
  return result;
}

/** What tells processes, releases and environments apart. */
const OF_RESOURCE = [ATTR_SERVICE_VERSION, ATTR_SERVICE_INSTANCE_ID, 'deployment.environment.name'];

function addResource(tags: Record<string, string>, { resource }: ReadableSpan): void {
  for (const name of OF_RESOURCE) {
    const value = resource.attributes[name];
    if (typeof value === 'string') tags[name] = value;
  }
}

/** Who made the span. */
function addScope(tags: Record<string, string>, { instrumentationScope }: ReadableSpan): void {
  const { name, version } = instrumentationScope;
  tags['otel.scope.name'] = name;
  if (version !== undefined && version !== '') tags['otel.scope.version'] = version;
}

function addDropped(tags: Record<string, string>, span: ReadableSpan): void {
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount } = span;
  if (droppedAttributesCount > 0)
    tags['otel.dropped_attributes_count'] = String(droppedAttributesCount);
  if (droppedEventsCount > 0) tags['otel.dropped_events_count'] = String(droppedEventsCount);
  if (droppedLinksCount > 0) tags['otel.dropped_links_count'] = String(droppedLinksCount);
}

/** Zipkin has no links: they become tags, as OpenTelemetry's Collector writes and reads them. One to the parent says nothing new. */
function addLinks(
  tags: Record<string, string>,
  { links, parentSpanContext: parent }: ReadableSpan,
): void {
  let count = 0;
  for (const { context, attributes = {}, droppedAttributesCount = 0 } of links) {
    const { traceId, spanId, traceState } = context;
    if (spanId === parent?.spanId && traceId === parent.traceId) continue;
    const facts = [traceId, spanId, traceState?.serialize() ?? '', JSON.stringify(attributes)];
    tags[`otlp.link.${count}`] = [...facts, droppedAttributesCount].join('|');
    count += 1;
  }
}

function annotation(event: TimedEvent): { timestamp: number; value: string } {
  const has = event.attributes && Object.keys(event.attributes).length > 0;
  return {
    timestamp: Math.round(hrTimeToMicroseconds(event.time)),
    value: has ? JSON.stringify({ [event.name]: event.attributes }) : event.name,
  };
}

function tagText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
