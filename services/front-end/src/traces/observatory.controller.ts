import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { Operation, ShopError, Untraced, wholeNumber } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { semconv, VERSION } from '@sockshop/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FrontEndConfig } from '../config.ts';
import { mayCommand } from '../mesh/mesh-buttons.guard.ts';
import { type BodyOf, responses as shopResponses } from '../responses.ts';
import { StorefrontFiles } from '../storefront-files.ts';
import { Calls } from './calls.ts';
import { TraceLogs } from './trace-logs.ts';
import { LOGS_UNAVAILABLE, responses, STORE_UNAVAILABLE } from './trace-responses.ts';
import { ObservatoryPassword } from './observatory-password.guard.ts';
import { summaryJson, type TraceJson, traceJson } from './trace-json.ts';
import { type TraceSearch, TraceStoreClient } from './trace-store.client.ts';
import type { TrafficJson } from './traffic.ts';
import { TrafficWatch } from './traffic-watch.ts';
import { seenSpan } from './traffic-window.ts';
import { failed, serviceOf, type ZipkinSpan } from './zipkin-span.ts';

const Window = z.object({ windowS: wholeNumber(5, 300).default(60) });

/** An empty field of a form is none. */
const given = <T>(schema: z.ZodType<T>) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional();
const name = z.string().max(200).toLowerCase();

const Search = z.object({
  service: given(name),
  /** Only calls and messages from this part, or to that one, or both. */
  from: given(name),
  to: given(name),
  name: given(name),
  minDurationMs: given(z.coerce.number().min(0).max(3_600_000)),
  /** `true`: only what failed. */
  error: given(z.enum(['true', 'false']).transform((text) => text === 'true')),
  user: given(z.string().regex(/^[0-9a-f]{12}$/)),
  lookbackS: wholeNumber(1, 604_800).default(3600),
  limit: wholeNumber(1, 100).default(50),
  sort: z.enum(['newest', 'slowest']).default('newest'),
});
type Search = z.output<typeof Search>;

/** Traces looked through where the store cannot sort or filter them itself. */
const LOOKED_THROUGH = 250;

/** The shop's traffic and traces, public or protected by a password. These routes are not traced, or they would show themselves. */
@Controller('observatory')
@Untraced()
@Operation({
  description: 'Where OBSERVATORY_PASSWORD is set, by Basic authentication as `observatory`.',
  also: {
    401: 'without the password, where one is set',
    429: 'a wrong password after fifty from the same address in a minute',
  },
})
@UseGuards(ObservatoryPassword)
export class ObservatoryController {
  constructor(
    private readonly config: FrontEndConfig,
    private readonly store: TraceStoreClient,
    private readonly logs: TraceLogs,
    private readonly watch: TrafficWatch,
    private readonly telemetry: Telemetry,
    private readonly files: StorefrontFiles,
  ) {}

  @Get()
  @Operation({
    summary: 'The page',
    response: shopResponses.page,
    also: { 304: 'the caller has the current version', 404: 'the page is not built' },
  })
  page(@Res() reply: FastifyReply): void {
    reply.header('cache-control', 'private, no-cache');
    this.files.send(reply, 'observatory.html');
  }

  /** `zipkinUrl`: of Zipkin's own pages, where people can reach them. */
  @Get('api/config')
  @Operation({ summary: 'What the page needs to know', response: responses.settings })
  settings(@Req() request: FastifyRequest): BodyOf<typeof responses.settings> {
    const { tracesPublicUrl: zipkinUrl } = this.config;
    return {
      ...(zipkinUrl !== undefined && { zipkinUrl }),
      version: VERSION,
      ...(mayCommand(request, this.config) && { mesh: true }),
    };
  }

  @Get('api/traffic')
  @Operation({
    summary: 'Rates, failures and durations of the parts of the shop',
    response: responses.traffic,
    also: { 503: STORE_UNAVAILABLE },
  })
  traffic(@Query({ schema: Window }) { windowS }: z.infer<typeof Window>): Promise<TrafficJson> {
    return this.watch.traffic(windowS);
  }

  /**
   * In each trace one span meets all conditions, except `user`, which only front-end's span has. With `from` or `to` it is a call or a message
   * between these parts, as the map counts them.
   */
  @Get('api/traces')
  @Operation({
    summary: 'Search the traces of all visitors',
    response: responses.found,
    also: { 503: STORE_UNAVAILABLE },
  })
  async traces(@Query({ schema: Search }) search: Search): Promise<BodyOf<typeof responses.found>> {
    const { traces, complete } = await this.candidates(search);
    const found = traces.filter((spans) => matches(spans, search));
    const summaries = found.map((spans) => summaryJson(spans));
    summaries.sort((one, other) =>
      search.sort === 'slowest' ? other.durationMs - one.durationMs : other.startMs - one.startMs,
    );
    const all = complete && summaries.length <= search.limit;
    return { traces: summaries.slice(0, search.limit), looked: traces.length, complete: all };
  }

  @Get('api/traces/:traceId')
  @Operation({
    summary: 'One trace',
    params: { traceId: '32 hex digits, or 16.' },
    response: responses.trace,
    also: { 404: 'no such trace', 503: STORE_UNAVAILABLE },
  })
  async trace(@Param('traceId') traceId: string): Promise<TraceJson> {
    const spans = await this.store.trace(traceId);
    if (spans.length === 0) throw new ShopError(404, 'no such trace');
    return traceJson(spans);
  }

  @Get('api/traces/:traceId/logs')
  @Operation({
    summary: 'What the services logged in one trace',
    params: { traceId: '32 hex digits, or 16.' },
    response: responses.logs,
    also: { 404: 'no such trace', 503: LOGS_UNAVAILABLE },
  })
  async logsOf(@Param('traceId') traceId: string): Promise<BodyOf<typeof responses.logs>> {
    const spans = await this.store.trace(traceId);
    if (spans.length === 0) throw new ShopError(404, 'no such trace');
    return this.logs.of(spans);
  }

  private async candidates(search: Search) {
    const questions = this.questionsOf(search);
    let traces: ZipkinSpan[][] = [];
    let complete = true;
    for (const question of questions) {
      traces = await this.store.search(question);
      complete = traces.length < question.limit;
      if (traces.length > 0) break;
    }
    return { traces, complete };
  }

  /** What to ask the store: the next one where it finds nothing. */
  private questionsOf(search: Search): TraceSearch[] {
    const { user, service, from, to, name, error, minDurationMs = 0, lookbackS, limit } = search;
    const looked = { endTs: Date.now(), lookback: lookbackS * 1000, limit: LOOKED_THROUGH };
    if (user !== undefined) {
      const tags = { [semconv.ENDUSER_PSEUDO_ID]: user };
      return [{ ...looked, serviceName: this.telemetry.serviceName.toLowerCase(), tags }];
    }
    const failures = error ? { tags: { error: true as const } } : {};
    if (from !== undefined || to !== undefined) {
      // A call is measured and may fail at its caller, and has the name that the called side gives it.
      if (error) return [{ ...looked, ...failures }];
      const spanName = name;
      return [
        { ...looked, serviceName: to ?? from, spanName },
        {
          ...looked,
          ...(from === undefined ? { remoteServiceName: to } : { serviceName: from }),
          spanName,
        },
      ];
    }
    return [
      {
        ...looked,
        ...failures,
        ...(search.sort === 'newest' && { limit }),
        serviceName: service,
        spanName: name,
        ...(minDurationMs > 0 && { minDuration: Math.ceil(minDurationMs * 1000) }),
      },
    ];
  }
}

/** The store lets different spans meet the conditions, and is asked less where it cannot know the rest. */
function matches(spans: readonly ZipkinSpan[], search: Search): boolean {
  const { service, from, to, name, minDurationMs = 0, error } = search;
  const holds = (at: string, what: string, hasFailed: boolean, ms: number) =>
    (service === undefined || at === service) &&
    (name === undefined || what.toLowerCase() === name) &&
    (!error || hasFailed) &&
    ms >= minDurationMs;
  if (from === undefined && to === undefined) {
    return spans.some((span) =>
      holds(serviceOf(span), span.name, failed(span), span.duration / 1000),
    );
  }
  const seen = spans.map(seenSpan);
  const calls = new Calls(seen);
  return seen.some((span) => {
    const call = calls.of(span);
    return (
      call &&
      (from === undefined || call.from === from) &&
      (to === undefined || call.to === to) &&
      holds(span.service, call.name, call.failed, call.durationMs)
    );
  });
}
