import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { Operation, ShopError, Untraced, wholeNumber } from '@sockshop/service';
import { shop, Telemetry } from '@sockshop/telemetry';
import { semconv } from '@sockshop/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FrontEndConfig } from '../config.ts';
import type { BodyOf } from '../responses.ts';
import { Sessions } from '../session.ts';
import { TraceLogs } from './trace-logs.ts';
import { LOGS_UNAVAILABLE, responses, STORE_UNAVAILABLE } from './trace-responses.ts';
import { summaryJson, type TraceJson, traceJson } from './trace-json.ts';
import { TraceStoreClient } from './trace-store.client.ts';
import { serviceOf, type ZipkinSpan } from './zipkin-span.ts';

const DAY_MS = 86_400_000;
const Limit = z.object({ limit: wholeNumber(1, 100).default(20) });

/** The traces that a shopper may see: those of the shopper's own visit. These routes are not traced, or they would show themselves. */
@Controller('trace')
@Untraced()
@Operation({ tag: 'traces' })
export class VisitorTracesController {
  constructor(
    private readonly store: TraceStoreClient,
    private readonly logs: TraceLogs,
    private readonly sessions: Sessions,
    private readonly config: FrontEndConfig,
    private readonly telemetry: Telemetry,
  ) {}

  /** `zipkinUrl`: of Zipkin's own pages, where people can reach them. */
  @Get('config')
  @Operation({ summary: 'Whether the trace drawer is on', response: responses.drawer })
  drawer(): BodyOf<typeof responses.drawer> {
    const { tracesPublicUrl: zipkinUrl } = this.config;
    return { drawer: true, ...(zipkinUrl !== undefined && { zipkinUrl }) };
  }

  /** What the Observatory calls this customer; empty for a guest. */
  @Get('me')
  @Operation({
    summary: 'What the Observatory calls the caller',
    description: 'Empty for a guest.',
    response: responses.me,
  })
  me(@Req() request: FastifyRequest): BodyOf<typeof responses.me> {
    const pseudoId = this.sessions.pseudonym(request);
    return { ...(pseudoId !== undefined && { pseudoId }) };
  }

  @Get('mine')
  @Operation({
    summary: 'Traces of this visit, newest first',
    response: responses.traces,
    also: { 503: STORE_UNAVAILABLE },
  })
  async mine(
    @Query({ schema: Limit }) { limit }: z.infer<typeof Limit>,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.traces>> {
    const visitor = this.sessions.visitor(request);
    if (visitor === undefined) return { traces: [] };
    const found = await this.store.search({
      serviceName: this.ownName,
      tags: { [semconv.SESSION_ID]: visitor },
      endTs: Date.now(),
      lookback: DAY_MS,
      limit,
    });
    const traces = found.filter((spans) => this.isOwn(spans, semconv.SESSION_ID, visitor));
    const summaries = traces.map((spans) => summaryJson(spans));
    return { traces: summaries.sort((one, other) => other.startMs - one.startMs) };
  }

  @Get('mine/:traceId')
  @Operation({
    summary: 'A trace of this visit',
    params: { traceId: '32 hex digits, as in `x-trace-id`.' },
    response: responses.trace,
    also: { 404: "unknown, or another visit's", 503: STORE_UNAVAILABLE },
  })
  async trace(
    @Param('traceId') traceId: string,
    @Req() request: FastifyRequest,
  ): Promise<TraceJson> {
    return traceJson(await this.spansOfVisit(traceId, request));
  }

  @Get('mine/:traceId/logs')
  @Operation({
    summary: 'What the services logged in a trace of this visit',
    params: { traceId: '32 hex digits, as in `x-trace-id`.' },
    response: responses.logs,
    also: { 404: "unknown, or another visit's", 503: LOGS_UNAVAILABLE },
  })
  async logsOf(
    @Param('traceId') traceId: string,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.logs>> {
    return this.logs.of(await this.spansOfVisit(traceId, request));
  }

  /**
   * The trace in which an order was placed, for its customer, from any visit. A missing trace is not an error: its first spans may still be
   * on their way, and traces are not kept as long as orders.
   */
  @Get('orders/:orderId')
  @Operation({
    summary: "The trace in which an order of the caller's was placed",
    params: { orderId: "The order's id." },
    response: responses.trace,
    also: { 204: "no trace yet, no longer, or another customer's order", 503: STORE_UNAVAILABLE },
  })
  async order(
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TraceJson | undefined> {
    const spans = await this.spansOfOrder(orderId, this.sessions.pseudonym(request));
    if (spans) return traceJson(spans);
    reply.status(204);
    return undefined;
  }

  @Get('orders/:orderId/logs')
  @Operation({
    summary: "What the services logged when an order of the caller's was placed",
    params: { orderId: "The order's id." },
    response: responses.logs,
    also: {
      204: "no trace yet, no longer, or another customer's order",
      503: LOGS_UNAVAILABLE,
    },
  })
  async logsOfOrder(
    @Param('orderId') orderId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BodyOf<typeof responses.logs> | undefined> {
    const spans = await this.spansOfOrder(orderId, this.sessions.pseudonym(request));
    if (spans) return this.logs.of(spans);
    reply.status(204);
    return undefined;
  }

  /** @throws ShopError 404 for a trace of another visit. */
  private async spansOfVisit(traceId: string, request: FastifyRequest): Promise<ZipkinSpan[]> {
    const visitor = this.sessions.visitor(request);
    const spans = visitor === undefined ? [] : await this.store.trace(traceId);
    if (!this.isOwn(spans, semconv.SESSION_ID, visitor)) throw noSuchTrace();
    return spans;
  }

  private async spansOfOrder(
    orderId: string,
    pseudonym: string | undefined,
  ): Promise<ZipkinSpan[] | undefined> {
    if (pseudonym === undefined || !ORDER_ID.test(orderId)) return undefined;
    const found = await this.store.search({
      tags: { [shop.ORDER_ID]: orderId },
      endTs: Date.now(),
      lookback: 7 * DAY_MS,
      limit: 10, // the order itself, and where a sweep had to take it up again
    });
    return found.find(
      (trace) =>
        this.isOwn(trace, semconv.ENDUSER_PSEUDO_ID, pseudonym) &&
        this.requests(trace).some(({ name }) => name === 'post /orders'),
    );
  }

  /**
   * Whether the trace began with a request of that visit or customer, as this front-end noted it. Any later request can name the trace as its own
   * in `traceparent`, and browsers send no SERVER spans.
   */
  private isOwn(spans: readonly ZipkinSpan[], tag: string, value: string | undefined): boolean {
    const [first] = this.requests(spans).sort((one, other) => one.timestamp - other.timestamp);
    return value !== undefined && first?.tags[tag] === value;
  }

  private requests(spans: readonly ZipkinSpan[]): ZipkinSpan[] {
    return spans.filter((span) => span.kind === 'SERVER' && serviceOf(span) === this.ownName);
  }

  private get ownName(): string {
    return this.telemetry.serviceName.toLowerCase();
  }
}

const ORDER_ID = /^[\w-]{1,64}$/;

function noSuchTrace(): ShopError {
  return new ShopError(404, 'no such trace');
}
