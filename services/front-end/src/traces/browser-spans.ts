import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { type ForeignSpan, semconv } from '@sockshop/tracing';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BROWSER } from './calls.ts';
import { BROWSER_TAGS } from './shown-tags.ts';

/** What of a page's tags is kept: its path, what the shopper did, what was called, and how long the page took to be there. */
const TAGS = ['http.request.method', 'http.response.status_code', 'url.template', ...BROWSER_TAGS];

const spanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);
const milliseconds = z.number().min(0);

/** Counts before each one is checked: Zod itself checks the length last. */
function atMost<T extends z.ZodType>(most: number, what: string, schema: T) {
  return z.preprocess((value, context) => {
    const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
    if (count > most) context.addIssue(`more than ${most} ${what}`);
    return value;
  }, schema);
}

const BrowserSpan = z.object({
  traceId: z.string().regex(/^(?!0{32})[0-9a-f]{32}$/),
  id: spanId,
  parentId: spanId.optional(),
  name: z.string().regex(/^[ -~]{1,100}$/),
  kind: z.literal('CLIENT').optional(),
  startMs: milliseconds,
  durationMs: milliseconds.max(600_000),
  tags: atMost(32, 'tags', z.record(z.string().max(60), z.string().max(200)))
    .default({})
    .meta({ maxProperties: 32 }),
  /** A word that says what; '' where it is only marked. */
  error: z.string().max(200).optional(),
});

export const BrowserSpans = atMost(50, 'spans', z.array(BrowserSpan).min(1).max(50));
type BrowserSpan = z.output<typeof BrowserSpan>;

/** What `fetch` with `keepalive` may send at most. */
const MAX_BODY_BYTES = 64 * 1024;

/** Counts the bytes that come, whatever `content-length` says or does not. Call before the routes are registered. */
export function limitBody(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === '/trace/spans') route.bodyLimit = MAX_BODY_BYTES;
  });
}

/** How far a browser's clock may be off. */
const MAX_SKEW_MS = 600_000;
/** Spans of all browsers together that one process takes in a second: they come from outside and cost memory in the trace store. */
const SPANS_PER_SECOND = 200;

/** Takes spans from browsers, as the service `storefront`. */
@Injectable()
export class BrowserSpanIntake {
  private second = 0;
  private taken = 0;

  constructor(
    private readonly telemetry: Telemetry,
    private readonly now: () => number,
  ) {}

  /** What is too much is dropped and counted. @throws ShopError 400 for a time that cannot be. */
  take(spans: readonly BrowserSpan[], visitor: string | undefined): void {
    const nowMs = this.now();
    const strange = spans.some(({ startMs }) => Math.abs(startMs - nowMs) > MAX_SKEW_MS);
    if (strange) throw new ShopError(400, 'startMs: more than ten minutes from now');
    const room = this.room(nowMs, spans.length);
    const kept = spans.slice(0, room);
    this.telemetry.exportForeign(
      BROWSER,
      kept.map((span) => this.foreign(span, visitor)),
    );
    const dropped = spans.length - room;
    if (dropped > 0) this.telemetry.metrics.countExported('browser', dropped, 'rate_limited');
  }

  private room(nowMs: number, wanted: number): number {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.second) this.taken = 0;
    this.second = second;
    const room = Math.min(wanted, SPANS_PER_SECOND - this.taken);
    this.taken += room;
    return room;
  }

  private foreign(span: BrowserSpan, visitor: string | undefined): ForeignSpan {
    const { tags, error } = span;
    const known = TAGS.filter((name) => tags[name] !== undefined);
    const attributes = {
      ...Object.fromEntries(known.map((name) => [name, tags[name]])),
      ...(visitor !== undefined && { [semconv.SESSION_ID]: visitor }),
      ...(span.kind && { [semconv.SERVICE_PEER_NAME]: this.telemetry.serviceName }),
    };
    return {
      ...span,
      kind: span.kind ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes,
      errorType: error === undefined ? undefined : errorType(error, tags),
    };
  }
}

function errorType(error: string, tags: Readonly<Record<string, string>>): string {
  const words = [error, tags['error.type'], tags['http.response.status_code']];
  return words.find((word) => word !== undefined && /^[\w.-]{1,60}$/.test(word)) ?? '_OTHER';
}
