import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';

const shared = globalThis as Record<symbol, object | undefined>;

/** The lib and the API as a new process loads them. */
async function loaded() {
  jest.resetModules();
  const api = await import('@opentelemetry/api');
  const lib = await import('../src/index.ts');
  const start = async (name: string) => {
    const exported = new InMemorySpanExporter();
    const tracing = await lib.Tracing.start(name, lib.tracingConfig({}), exported);
    return { tracing, exported };
  };
  return { ...lib, ...api, context: lib.context, start };
}

describe('trace.getTracer() without an agent', () => {
  beforeEach(() => {
    Reflect.deleteProperty(shared, Symbol.for('opentelemetry.js.api.1'));
  });

  it('records into the service whose context is active: eight services in one process', async () => {
    const { trace, context, inSpan, start } = await loaded();
    const early = trace.getTracer('early'); // as libraries do while they are loaded
    const services = await Promise.all(
      Array.from({ length: 8 }, (_, nth) => start(`service-${nth}`)),
    );
    const mine = trace
      .getTracerProvider()
      .getTracer('mine', '2.1.0', { schemaUrl: 'https://example.com/1' });
    const work = (number: number): void => {
      mine.startActiveSpan('pack', (span) => {
        early.startSpan('weigh', { attributes: { number } }).end();
        span.end();
      });
    };
    for (const [number, { tracing }] of services.entries())
      await context.with(tracing.enter(context.active()), () =>
        inSpan(tracing, 'request', {}, () => {
          work(number);
        }),
      );
    for (const [number, { exported }] of services.entries()) {
      const [weigh, pack, request, ...others] = exported.getFinishedSpans();
      expect(others).toEqual([]);
      expect(weigh).toMatchObject({ name: 'weigh', attributes: { number } });
      expect(weigh!.resource.attributes['service.name']).toBe(`service-${number}`);
      expect(weigh!.instrumentationScope).toEqual({ name: 'early' });
      expect(weigh!.parentSpanContext?.spanId).toBe(pack!.spanContext().spanId);
      const scope = { name: 'mine', version: '2.1.0', schemaUrl: 'https://example.com/1' };
      expect(pack!.instrumentationScope).toEqual(scope);
      expect(pack!.parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
    }
  });

  it('goes on with the newest copy of this package in the process, as no copy is an agent to another', async () => {
    const earlier = await loaded();
    const old = await earlier.start('carts');
    await old.tracing.shutdown();
    const { trace, context, inSpan, start } = await loaded();
    const { tracing, exported } = await start('carts');
    await context.with(tracing.enter(context.active()), () =>
      inSpan(tracing, 'request', {}, () => {
        trace.getTracer('mine').startSpan('pack').end();
        earlier.trace.getTracer('mine').startSpan('weigh').end();
      }),
    );
    const names = exported.getFinishedSpans().map(({ name }) => name);
    expect(names).toEqual(['pack', 'weigh', 'request']);
    expect(old.exported.getFinishedSpans()).toEqual([]);
  });

  it('records outside of requests where the process has one service', async () => {
    const { trace, start } = await loaded();
    const { exported, tracing } = await start('carts');
    trace.getTracer('mine').startSpan('clean up').end();
    expect(exported.getFinishedSpans().map(({ name }) => name)).toEqual(['clean up']);
    const other = await start('orders');
    expect(trace.getTracer('mine').startSpan('clean up').isRecording()).toBe(false);
    await tracing.shutdown();
    expect(trace.getTracer('mine').startSpan('clean up').isRecording()).toBe(true);
    expect(other.exported.getFinishedSpans()).toEqual([]);
  });

  it('propagates in the service’s formats, but adds nothing to a call that has our headers', async () => {
    const { trace, context, propagation, start } = await loaded();
    const { tracing } = await start('carts');
    const span = tracing.tracer.startSpan('outer');
    const active = trace.setSpan(tracing.enter(context.active()), span);
    const headers = {};
    context.with(active, () => {
      propagation.inject(context.active(), headers);
      tracing.uninstrumented(() => {
        const more = {};
        propagation.inject(context.active(), more);
        expect(more).toEqual({});
      });
    });
    expect(Object.keys(headers).sort()).toEqual([
      'traceparent',
      ...['x-b3-sampled', 'x-b3-spanid', 'x-b3-traceid'],
    ]);
    const back = context.with(active, () => propagation.extract(context.active(), headers));
    expect(trace.getSpanContext(back)).toMatchObject({ spanId: span.spanContext().spanId });
  });
});
