import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

const shared = globalThis as Record<symbol, object | undefined>;
const API = Symbol.for('opentelemetry.js.api.1');

/** The lib in a process whose agent has registered itself with its copy of the API. */
async function besideAgent({
  version = '1.10.0',
  sampler,
}: { version?: string; sampler?: Sampler } = {}) {
  jest.resetModules();
  const exported = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor({ exporter: exported });
  const provider = new TracerProvider({ spanProcessors: [processor], ...(sampler && { sampler }) });
  const manager = new AsyncLocalStorageContextManager();
  shared[API] = { version, context: manager, trace: provider };
  const lib = await import('../src/index.ts');
  const instrumentation = provider.getTracer('@opentelemetry/instrumentation-http');
  /** What an agent's instrumentation does with a request or message. */
  const receive = <T>(kind: SpanKind, from: Context, work: () => T): T => {
    const span = instrumentation.startSpan('GET', { kind }, from);
    const answer = manager.with(trace.setSpan(from, span), work);
    span.end();
    return answer;
  };
  return { ...lib, exported, manager, provider, instrumentation, receive };
}

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const called = trace.setSpanContext(ROOT_CONTEXT, { ...CALLER, traceFlags: 1, isRemote: true });

/** Name, kind, scope and parent's name of each span, as they ended. */
function shape(spans: readonly ReadableSpan[]): string[] {
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
  return spans.map(({ name, kind, instrumentationScope, parentSpanContext: parent }) => {
    const above = parent && (names.get(parent.spanId) ?? 'caller');
    return `${SpanKind[kind]} ${name} (${instrumentationScope.name}) < ${above ?? 'none'}`;
  });
}

describe.each(['1.9.0', '1.10.0', '1.99.0'])('beside an agent with API %s', (version) => {
  it.each([SpanKind.SERVER, SpanKind.CONSUMER] as const)(
    'the agent’s span of kind %s gets name, attributes and links of ours and is the parent of the rest',
    async (kind) => {
      const { receive, exported, Tracing, context, inSpan } = await besideAgent({ version });
      const tracing = await Tracing.start('carts');
      const links = [{ context: { ...CALLER, traceFlags: 1 } }];
      const attributes = { 'http.route': '/carts/{id}', 'url.query': 'token=secret1' };
      await receive(kind, called, () =>
        context.with(tracing.extract({ traceparent }), () =>
          inSpan(tracing, 'GET /carts/{id}', { kind, attributes, links }, () =>
            inSpan(tracing, 'find cart', { kind: SpanKind.CLIENT }, () => undefined),
          ),
        ),
      );
      const spans = exported.getFinishedSpans();
      const http = '@opentelemetry/instrumentation-http';
      expect(shape(spans)).toEqual(
        expect.arrayContaining([
          `CLIENT find cart (@sockshop/tracing) < GET /carts/{id}`,
          `${SpanKind[kind]} GET /carts/{id} (${http}) < caller`,
        ]),
      );
      expect(spans).toHaveLength(2);
      const adopted = spans.find((span) => span.kind === kind)!;
      expect(adopted.attributes).toEqual({ ...attributes, 'url.query': 'token=REDACTED' });
      expect(adopted.links).toHaveLength(1);
      await tracing.shutdown();
    },
  );

  it('a call has our span and headers, and the agent’s instrumentation makes none', async () => {
    const { Tracing, manager, exported, instrumentation, context } = await besideAgent({ version });
    const tracing = await Tracing.start('orders');
    const span = tracing.tracer.startSpan('GET /carts', { kind: SpanKind.CLIENT });
    const headers: Record<string, string> = {};
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
      tracing.inject(context.active(), headers);
      tracing.uninstrumented(() => {
        expect(isTracingSuppressed(manager.active())).toBe(true);
        instrumentation.startSpan('GET', { kind: SpanKind.CLIENT }).end();
        instrumentation.startSpan('GET', { kind: SpanKind.CLIENT }, manager.active()).end();
      });
    });
    span.end();
    const own = exported.getFinishedSpans().filter(({ name }) => name === 'GET /carts');
    expect(headers['traceparent']).toContain(own[0]!.spanContext().spanId);
    expect(own).toHaveLength(1);
    const inner = exported.getFinishedSpans().filter(({ parentSpanContext }) => parentSpanContext);
    expect(inner).toHaveLength(0);
  });

  it('spans of an application that uses our copy of the API reach the agent', async () => {
    const { Tracing, exported } = await besideAgent({ version });
    const api = await import('@opentelemetry/api');
    const early = api.trace.getTracer('early');
    await Tracing.start('user');
    early.startSpan('before').end();
    api.trace.getTracer('mine').startSpan('after').end();
    const scopes = exported.getFinishedSpans().map((span) => span.instrumentationScope.name);
    expect(scopes).toEqual(['early', 'mine']);
  });
});

describe('beside an agent', () => {
  it('one that did not read the caller’s headers leaves the span to us: the trace stays whole', async () => {
    const { receive, exported, Tracing } = await besideAgent();
    const tracing = await Tracing.start('carts');
    receive(SpanKind.SERVER, ROOT_CONTEXT, () => {
      const from = tracing.extract({
        'x-b3-traceid': CALLER.traceId,
        'x-b3-spanid': CALLER.spanId,
      });
      tracing.tracer.startSpan('GET /carts', { kind: SpanKind.SERVER }, from).end();
    });
    const own = exported.getFinishedSpans().find(({ name }) => name === 'GET /carts')!;
    expect(own.parentSpanContext).toMatchObject(CALLER);
  });

  it('its span is taken once: a request inside a request has a span of its own', async () => {
    const { receive, exported, Tracing } = await besideAgent();
    const { tracer, ...tracing } = await Tracing.start('carts').then((it) => ({
      tracer: it.tracer,
      extract: it.extract.bind(it),
    }));
    receive(SpanKind.SERVER, ROOT_CONTEXT, () => {
      const options = { kind: SpanKind.SERVER };
      const outer = tracer.startSpan('outer', options, tracing.extract({}));
      tracer.startSpan('inner', options, tracing.extract({})).end();
      outer.end();
    });
    expect(exported.getFinishedSpans().map(({ name }) => name)).toEqual(['inner', 'outer']);
  });

  it('its sampling decides about our spans and headers', async () => {
    const sampler = new AlwaysOffSampler();
    const { receive, exported, Tracing, manager } = await besideAgent({ sampler });
    const tracing = await Tracing.start('carts');
    receive(SpanKind.SERVER, ROOT_CONTEXT, () => {
      const theirs = trace.getSpanContext(manager.active())!;
      const from = tracing.extract({});
      const span = tracing.tracer.startSpan('GET /carts', { kind: SpanKind.SERVER }, from);
      const headers: Record<string, string> = {};
      tracing.inject(trace.setSpan(from, span), headers);
      expect(headers['traceparent']).toBe(`00-${theirs.traceId}-${theirs.spanId}-00`);
    });
    expect(exported.getFinishedSpans()).toEqual([]);
  });

  it('that is all there should be, ours makes no spans and no headers', async () => {
    const { receive, exported, Tracing, tracingConfig, manager } = await besideAgent();
    const config = tracingConfig({ TRACING_BESIDE_AGENT: 'Off' });
    const tracing = await Tracing.start('carts', config);
    receive(SpanKind.SERVER, called, () => {
      const from = tracing.extract({});
      expect(trace.getSpan(from)).toBe(trace.getSpan(manager.active()));
      const span = tracing.tracer.startSpan('GET /carts', { kind: SpanKind.SERVER }, from);
      const headers = {};
      tracing.inject(trace.setSpan(from, span), headers);
      span.end();
      expect(headers).toEqual({});
      expect(tracing.uninstrumented(() => isTracingSuppressed(manager.active()))).toBe(false);
    });
    expect(shape(exported.getFinishedSpans())).toEqual([
      'SERVER GET (@opentelemetry/instrumentation-http) < caller',
    ]);
  });

  it.each([
    ['1.9.0', [['warn', { agentApi: '1.9.0' }]]],
    ['1.10.0', []],
    ['1.99.0', []],
  ])('its API %s is logged once where ours is newer', async (version, warnings) => {
    const { Tracing, tracingConfig } = await besideAgent({ version });
    const lines: [string, object][] = [];
    const log = {
      log: (_message: string, fields: object) => lines.push(['log', fields]),
      warn: (_message: string, fields: object) => lines.push(['warn', fields]),
    };
    for (const service of ['carts', 'orders', 'user'])
      await Tracing.start(service, tracingConfig({}), undefined, log);
    expect(lines).toEqual([['log', {}], ...warnings]);
  });
});

beforeEach(() => {
  Reflect.deleteProperty(shared, API);
});
