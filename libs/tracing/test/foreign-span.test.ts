import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StandIn } from '@sockshop/testing';
import { isSpanContextValid, SpanKind, trace } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { context } from '../src/context.ts';
import type { ForeignSpan } from '../src/foreign-span.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { untraced } from '../src/untraced.ts';
import type { ZipkinSpan } from '../src/zipkin-encoder.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const click: ForeignSpan = {
  traceId,
  id: 'b7ad6b7169203331',
  name: 'Click',
  kind: SpanKind.INTERNAL,
  startMs: 1_700_000_000_000.25,
  durationMs: 12.5,
  attributes: { 'session.id': 'v1' },
};
const call: ForeignSpan = {
  ...click,
  id: 'b7ad6b7169203332',
  parentId: click.id,
  name: 'GET /cart',
  kind: SpanKind.CLIENT,
  errorType: 'timeout',
  attributes: { 'service.peer.name': 'front-end' },
};

describe('spans of a browser', () => {
  let collector: StandIn;
  let tracing: Tracing;
  const start = async (env: Record<string, string>): Promise<void> => {
    const resourceDefaults = { 'service.version': '1.0.0' };
    tracing = await Tracing.start('front-end', { ...tracingConfig(env), resourceDefaults });
    Object.assign(tracing.localAddress, { address: '127.0.0.1', port: 8079 });
  };
  beforeEach(async () => {
    collector = await StandIn.start(() => ({ status: 200 }));
  });
  afterEach(async () => {
    await tracing.shutdown();
    await collector.close();
  });

  it('go to Zipkin as a service of their own, without an address, with the version at the root', async () => {
    await start({ ZIPKIN: collector.url });
    tracing.exportForeign('storefront', [click, call]);
    await tracing.flush();
    expect(collector.items<ZipkinSpan>()).toEqual([
      {
        traceId,
        id: click.id,
        name: 'click',
        timestamp: 1_700_000_000_000_250,
        duration: 12_500,
        localEndpoint: { serviceName: 'storefront' },
        tags: {
          'session.id': 'v1',
          'service.version': '1.0.0',
          'otel.scope.name': '@sockshop/tracing',
          'otel.scope.version': '1.0.0',
        },
      },
      {
        traceId,
        id: call.id,
        parentId: click.id,
        name: 'get /cart',
        kind: 'CLIENT',
        timestamp: 1_700_000_000_000_250,
        duration: 12_500,
        localEndpoint: { serviceName: 'storefront' },
        remoteEndpoint: { serviceName: 'front-end' },
        tags: {
          'service.peer.name': 'front-end',
          'error.type': 'timeout',
          'otel.status_code': 'ERROR',
          error: '',
        },
      },
    ]);
  });

  it('go to an OTLP collector with a resource that tells nothing of the host', async () => {
    await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=demo',
    });
    tracing.exportForeign('storefront', [click]);
    await tracing.flush();
    const text = collector.received[0]!.bytes.toString('latin1');
    for (const word of ['storefront', 'deployment.environment.name', 'Click'])
      expect(text).toContain(word);
    expect(text).not.toContain('host.name');
  });

  it.each([
    { OTEL_SDK_DISABLED: 'true', ZIPKIN: 'http://127.0.0.1:1' },
    { OTEL_TRACES_EXPORTER: 'none' },
  ])('go nowhere with %p', async (env: Record<string, string>) => {
    await start(env);
    tracing.exportForeign('storefront', [click]);
    await tracing.flush();
    expect(collector.received).toEqual([]);
  });
});

it('untraced work makes no span and passes no trace on', async () => {
  const spans = new InMemorySpanExporter();
  const tracing = await Tracing.start('front-end', tracingConfig({}), spans);
  const outer = tracing.tracer.startSpan('outer');
  const headers: Record<string, string> = {};
  context.with(trace.setSpan(context.active(), outer), () => {
    untraced(() => {
      const span = tracing.tracer.startSpan('inner');
      expect(isSpanContextValid(span.spanContext())).toBe(false);
      tracing.inject(trace.setSpan(context.active(), span), headers);
      span.end();
    });
  });
  expect([spans.getFinishedSpans(), headers]).toEqual([[], {}]);
});
