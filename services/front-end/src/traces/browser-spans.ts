import { Injectable } from '@nestjs/common';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import { ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { type ForeignEvent, type ForeignSpan, semconv } from '@sockshop/tracing';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { BROWSER } from './calls.ts';
import {
  MOST_SPANS,
  type OtlpAttributes,
  type OtlpRequest,
  type OtlpResponse,
  type OtlpSpan,
} from './otlp-request.ts';
import { BROWSER_TAGS } from './shown-tags.ts';

/** What of a span's attributes is kept: what was called, what the shopper did, and where. */
const ATTRIBUTES = new Set<string>([
  'http.request.method',
  'http.response.status_code',
  'http.response.body.size',
  'server.address',
  'server.port',
  'url.full',
  'url.template',
  ...BROWSER_TAGS,
]);
/** Of the browser. Its user agent is that of the request. */
const RESOURCE = new Set([
  'browser.brands',
  'browser.language',
  'browser.mobile',
  'browser.platform',
]);
/** Of events: web vitals. */
const EVENT_ATTRIBUTES = new Set([
  'browser.web_vital.delta',
  'browser.web_vital.id',
  'browser.web_vital.name',
  'browser.web_vital.navigation_type',
  'browser.web_vital.rating',
  'browser.web_vital.value',
]);

export const BROWSER_SPANS_PATH = '/v1/traces';
/** What `fetch` with `keepalive` may send at most. */
const MAX_BODY_BYTES = 64 * 1024;

/** Counts the bytes that come, whatever `content-length` says or does not. Call before the routes are registered. */
export function limitBody(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === BROWSER_SPANS_PATH) route.bodyLimit = MAX_BODY_BYTES;
  });
}

/** How far a browser's clock may be off. */
const MAX_SKEW_MS = 600_000;
const MAX_DURATION_MS = 600_000;
/** Spans of all browsers together that one process takes in a second: they come from outside and cost memory in the trace store. */
const SPANS_PER_SECOND = 500;

const ERROR = 2;
const CLIENT = 3;

/** Who sends them. */
export interface Sender {
  readonly visitor: string | undefined;
  readonly userAgent: string | undefined;
}

/** Takes spans from browsers, as the service `storefront`. */
@Injectable()
export class BrowserSpanIntake {
  private second = 0;
  private taken = 0;

  constructor(
    private readonly telemetry: Telemetry,
    private readonly now: () => number,
  ) {}

  /**
   * A request that is too much is dropped as a whole, so that no span loses its parent, and counted.
   * @throws ShopError 400 for too many spans, or a time that cannot be
   */
  take({ resourceSpans }: OtlpRequest, sender: Sender): z.input<typeof OtlpResponse> {
    const batches = resourceSpans.map(({ resource, scopeSpans }) => ({
      resource: allowed(resource.attributes, RESOURCE),
      spans: scopeSpans.flatMap(({ spans }) => spans),
    }));
    const count = batches.reduce((sum, { spans }) => sum + spans.length, 0);
    if (count > MOST_SPANS) throw new ShopError(400, `more than ${MOST_SPANS} spans`);
    const nowMs = this.now();
    const ready = batches.map(({ resource, spans }) => ({
      resource: { ...resource, ...(sender.userAgent && { [USER_AGENT]: sender.userAgent }) },
      spans: spans.map((span) => this.foreign(span, sender.visitor, nowMs)),
    }));
    if (!this.hasRoom(nowMs, count)) {
      this.telemetry.metrics.countExported('browser', count, 'rate_limited');
      const errorMessage = `more than ${SPANS_PER_SECOND} spans in a second`;
      return { partialSuccess: { rejectedSpans: String(count), errorMessage } };
    }
    for (const { resource, spans } of ready) this.telemetry.exportForeign(BROWSER, spans, resource);
    return {};
  }

  private hasRoom(nowMs: number, wanted: number): boolean {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.second) this.taken = 0;
    this.second = second;
    if (this.taken + wanted > SPANS_PER_SECOND) return false;
    this.taken += wanted;
    return true;
  }

  private foreign(span: OtlpSpan, visitor: string | undefined, nowMs: number): ForeignSpan {
    const startMs = milliseconds(span.startTimeUnixNano);
    const durationMs = milliseconds(span.endTimeUnixNano) - startMs;
    const events = span.events.map(eventOf);
    if ([startMs, ...events.map(({ timeMs }) => timeMs)].some((ms) => isStrange(ms, nowMs))) {
      throw new ShopError(400, 'a time is more than ten minutes from now');
    }
    if (durationMs < 0 || durationMs > MAX_DURATION_MS) {
      throw new ShopError(400, 'a span lasts less than nothing or more than ten minutes');
    }
    const isCall = span.kind === CLIENT;
    return {
      traceId: span.traceId,
      id: span.spanId,
      parentId: span.parentSpanId,
      name: span.name,
      kind: isCall ? SpanKind.CLIENT : SpanKind.INTERNAL,
      startMs,
      durationMs,
      attributes: {
        ...allowed(span.attributes, ATTRIBUTES),
        ...(visitor !== undefined && { [semconv.SESSION_ID]: visitor }),
        ...(isCall && { [semconv.SERVICE_PEER_NAME]: this.telemetry.serviceName }),
      },
      events,
      links: span.links.map(({ traceId, spanId }) => ({ traceId, id: spanId })),
      errorType: span.status.code === ERROR ? errorType(span.attributes) : undefined,
    };
  }
}

const USER_AGENT = 'user_agent.original';

function isStrange(ms: number, nowMs: number): boolean {
  return Math.abs(ms - nowMs) > MAX_SKEW_MS;
}

/** With the microseconds as fraction. */
function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1000n) / 1000;
}

function eventOf({ name, timeUnixNano, attributes }: OtlpSpan['events'][number]): ForeignEvent {
  return {
    name,
    timeMs: milliseconds(timeUnixNano),
    attributes: allowed(attributes, EVENT_ATTRIBUTES),
  };
}

function allowed(list: OtlpAttributes, names: ReadonlySet<string>): Attributes {
  return Object.fromEntries(
    list.filter(({ key }) => names.has(key)).map(({ key, value }) => [key, plain(value)]),
  );
}

function plain({
  stringValue,
  boolValue,
  intValue,
  doubleValue,
  arrayValue,
}: OtlpAttributes[number]['value']): Attributes[string] {
  const number = intValue === undefined ? doubleValue : Number(intValue);
  return stringValue ?? boolValue ?? number ?? arrayValue?.values.map((value) => value.stringValue);
}

/** A word of few values: the attribute, else the status. */
function errorType(attributes: OtlpAttributes): string {
  const words = ['error.type', 'http.response.status_code'].map((name) => {
    const value = attributes.find(({ key }) => key === name)?.value;
    return value && String(plain(value));
  });
  return words.find((word) => word !== undefined && /^[\w.-]{1,60}$/.test(word)) ?? '_OTHER';
}
