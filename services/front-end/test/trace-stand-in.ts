import { toZipkin, type ZipkinSpan } from '@sockshop/tracing';
import { type Answer, type Received, StandIn } from '@sockshop/testing';
import type { RunningFrontEnd } from './running-front-end.ts';

/** A Zipkin with its spans in a list: of the v2 API what front-end reads. */
export class TraceStandIn {
  spans: ZipkinSpan[] = [];

  private constructor(readonly server: StandIn) {}

  static async start(): Promise<TraceStandIn> {
    const store: TraceStandIn = new TraceStandIn(
      await StandIn.start((received) => store.answer(received)),
    );
    return store;
  }

  get env(): Record<string, string> {
    return { TRACES_URL: this.server.url };
  }

  reset(): void {
    this.spans = [];
    this.server.reset();
  }

  /** What the front-end would have sent. */
  take(frontEnd: RunningFrontEnd): void {
    const ended = frontEnd.spans.getFinishedSpans();
    this.spans.push(...ended.map((span) => toZipkin(span, {}, false)));
    frontEnd.spans.reset();
  }

  private answer({ path, query }: Received): Answer {
    const traces = [...Map.groupBy(this.spans, ({ traceId }) => traceId).values()];
    const [, id] = /^\/api\/v2\/trace\/(\w+)$/.exec(path) ?? [];
    if (id !== undefined) {
      const trace = traces.find(([span]) => span!.traceId === id);
      return trace ? { status: 200, body: trace } : { status: 404 };
    }
    if (path !== '/api/v2/traces') return { status: 500 };
    const end = Number(query.get('endTs')) * 1000;
    const begin = end - Number(query.get('lookback')) * 1000;
    const found = traces
      .filter(([span]) => span!.timestamp >= begin && span!.timestamp <= end)
      .filter((trace) => this.conditions(query).every((holds) => trace.some(holds)))
      .sort(([one], [other]) => other!.timestamp - one!.timestamp);
    return { status: 200, body: found.slice(0, Number(query.get('limit'))) };
  }

  private conditions(query: URLSearchParams): ((span: ZipkinSpan) => boolean)[] {
    const service = query.get('serviceName');
    const name = query.get('spanName');
    const tags = (query.get('annotationQuery') ?? '').split(' and ').filter((text) => text !== '');
    const own = (span: ZipkinSpan) => !service || span.localEndpoint.serviceName === service;
    return [
      own,
      (span) => own(span) && (!name || span.name === name),
      (span) => own(span) && span.duration >= Number(query.get('minDuration') ?? 0),
      ...tags.map((text) => {
        const [tag = '', value] = text.split('=');
        return ({ tags }: ZipkinSpan) =>
          value === undefined ? Object.hasOwn(tags, tag) : tags[tag] === value;
      }),
    ];
  }
}

let made = 0;

/** A span of a service, a millisecond long and just now. */
export function aSpan(
  part: Partial<ZipkinSpan> & { service: string; remote?: string },
): ZipkinSpan {
  const { service, remote, ...given } = part;
  made += 1;
  return {
    traceId: '1'.repeat(32),
    id: made.toString(16).padStart(16, '0'),
    name: 'work',
    timestamp: Date.now() * 1000,
    duration: 1000,
    tags: {},
    localEndpoint: { serviceName: service },
    ...(remote !== undefined && { remoteEndpoint: { serviceName: remote } }),
    ...given,
  };
}
