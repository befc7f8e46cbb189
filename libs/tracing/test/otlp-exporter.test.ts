import { SpanKind } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { until } from '@sockshop/testing';
import { Telemetry } from '../src/telemetry.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { Collector } from './collector.ts';

describe('spans on their way to an OTLP collector', () => {
  let collector: Collector;
  let telemetry: Telemetry;
  const start = async (env: Record<string, string> = {}): Promise<void> => {
    const config = tracingConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
    telemetry = await Telemetry.start('carts', config);
  };
  afterEach(async () => {
    await telemetry.shutdown();
    await collector.close();
  });

  it('go out as protobuf to /v1/traces, with resource, scope, names and schema', async () => {
    collector = await Collector.start((response) => response.writeHead(200).end());
    await start({ OTEL_BSP_SCHEDULE_DELAY: '5' });
    telemetry.tracer.startSpan('GET /carts/{id}', { kind: SpanKind.SERVER }).end();
    await until(() => collector.received.length === 1);
    const { path, headers, body } = collector.received[0]!;
    expect([path, headers['content-type']]).toEqual(['/v1/traces', 'application/x-protobuf']);
    const text = body.toString('latin1'); // texts stand in protobuf as they are
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
    await until(async () =>
      /exported_total\{otel_component_name="otlp_http"\} 1$/m.test(
        await telemetry.metrics.registry.metrics(),
      ),
    );
  });

  it('are sent at shutdown', async () => {
    collector = await Collector.start((response) => response.writeHead(200).end());
    await start({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    for (let index = 0; index < 1000; index += 1)
      telemetry.tracer.startSpan(`work-${index}.`).end();
    await telemetry.shutdown();
    const text = collector.received.map(({ body }) => body.toString('latin1')).join('');
    expect(new Set(text.match(/work-\d+\./g)).size).toBe(1000);
  });

  it('are sent again when the collector is overloaded', async () => {
    collector = await Collector.start((response, earlier) => {
      response.writeHead(earlier === 0 ? 503 : 200).end();
    });
    await start();
    telemetry.tracer.startSpan('work').end();
    await telemetry.flush();
    expect(collector.received).toHaveLength(2);
    expect(collector.received[1]?.body).toEqual(collector.received[0]?.body);
  });

  it('are lost and counted when the collector refuses them', async () => {
    collector = await Collector.start((response) => response.writeHead(400).end());
    await start();
    telemetry.tracer.startSpan('work').end();
    await telemetry.flush();
    expect(await telemetry.metrics.registry.metrics()).toMatch(
      /exported_total\{otel_component_name="otlp_http",error_type="export_failed"\} 1$/m,
    );
  });

  it('do not keep the service from closing while the collector hangs', async () => {
    const hanging: ServerResponse[] = [];
    collector = await Collector.start((response) => hanging.push(response));
    await start();
    telemetry.tracer.startSpan('work').end();
    await telemetry.shutdown();
    expect(hanging).toHaveLength(1);
    hanging[0]?.end();
  });

  it('go to Zipkin as well where both are named', async () => {
    collector = await Collector.start((response) => response.writeHead(202).end());
    await start({ ZIPKIN: collector.url });
    telemetry.tracer.startSpan('work').end();
    await telemetry.flush();
    expect(collector.received.map(({ path }) => path).sort()).toEqual([
      '/api/v2/spans',
      '/v1/traces',
    ]);
  });
});
