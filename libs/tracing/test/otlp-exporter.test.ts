import { SpanKind } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { StandIn, until } from '@sockshop/testing';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { exportCounts } from './export-counts.ts';

describe('spans on their way to an OTLP collector', () => {
  let collector: StandIn;
  let tracing: Tracing;
  let counts: Record<string, number>;
  const lines: [string, object][] = [];
  const log = {
    log: (message: string, fields: object) => lines.push([message, fields]),
    warn: (message: string, fields: object) => lines.push([message, fields]),
  };
  const start = async (env: Record<string, string> = {}): Promise<void> => {
    const config = tracingConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
    const counter = exportCounts();
    counts = counter.counts;
    tracing = await Tracing.start('carts', config, undefined, log, counter.countExported);
  };
  afterEach(async () => {
    await tracing.shutdown();
    await collector.close();
  });

  it('go out as protobuf to /v1/traces, with resource, scope, names and schema', async () => {
    collector = await StandIn.start(() => ({ status: 200 }));
    await start({ OTEL_BSP_SCHEDULE_DELAY: '5' });
    tracing.tracer.startSpan('GET /carts/{id}', { kind: SpanKind.SERVER }).end();
    await until(() => collector.received.length === 1);
    const { path, headers, bytes } = collector.received[0]!;
    expect([path, headers['content-type']]).toEqual(['/v1/traces', 'application/x-protobuf']);
    const text = bytes.toString('latin1'); // texts stand in protobuf as they are
    for (const word of [
      'service.name',
      'carts',
      'service.namespace',
      'sock-shop',
      'service.instance.id',
      'telemetry.sdk.language',
      '@sockshop/tracing',
      'https://opentelemetry.io/schemas/',
      'GET /carts/{id}',
    ]) {
      expect(text).toContain(word);
    }
    await until(() => counts['otlp_http sent'] === 1);
  });

  it('are sent at shutdown', async () => {
    collector = await StandIn.start(() => ({ status: 200 }));
    await start({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    for (let index = 0; index < 1000; index += 1) tracing.tracer.startSpan(`work-${index}.`).end();
    await tracing.shutdown();
    const text = collector.received.map(({ bytes }) => bytes.toString('latin1')).join('');
    expect(new Set(text.match(/work-\d+\./g)).size).toBe(1000);
  });

  it('are sent again when the collector is overloaded', async () => {
    collector = await StandIn.start((_request, earlier) => ({ status: earlier === 0 ? 503 : 200 }));
    await start();
    tracing.tracer.startSpan('work').end();
    await tracing.flush();
    expect(collector.received).toHaveLength(2);
    expect(collector.received[1]?.bytes).toEqual(collector.received[0]?.bytes);
  });

  it('are lost, counted and logged when the collector refuses them, and it is logged when they go out again', async () => {
    collector = await StandIn.start((_request, earlier) => ({ status: earlier < 2 ? 400 : 200 }));
    await start();
    for (let batch = 0; batch < 3; batch += 1) {
      tracing.tracer.startSpan('work').end();
      await tracing.flush();
    }
    expect(counts).toEqual({ 'otlp_http export_failed': 2, 'otlp_http sent': 1 });
    expect(lines).toEqual([
      [
        'spans are dropped',
        { exporter: 'otlp_http', dropped: 2, reason: expect.stringMatching(/ answered 400$/) },
      ],
      ['spans are exported again', { exporter: 'otlp_http', dropped: 2 }],
    ]);
  });

  it('do not keep the service from closing while the collector hangs', async () => {
    const hanging: ServerResponse[] = [];
    collector = await StandIn.start(() => (response) => hanging.push(response));
    await start();
    tracing.tracer.startSpan('work').end();
    await tracing.shutdown();
    expect(hanging).toHaveLength(1);
    hanging[0]?.end();
  });

  it('go to Zipkin as well where both are named', async () => {
    collector = await StandIn.start(() => ({ status: 202 }));
    await start({ ZIPKIN: collector.url });
    tracing.tracer.startSpan('work').end();
    await tracing.flush();
    expect(collector.received.map(({ path }) => path).sort()).toEqual([
      '/api/v2/spans',
      '/v1/traces',
    ]);
  });
});
