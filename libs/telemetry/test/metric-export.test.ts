import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import {
  attributesOf,
  type OtlpItem,
  type OtlpProtocol,
  OtlpReceiver,
} from '@sockshop/testing/otlp-receiver';
import { inSpan, tracingConfig } from '@sockshop/tracing';
import { Telemetry } from '../src/telemetry.ts';

describe('metrics with OTEL_METRICS_EXPORTER=otlp', () => {
  let collector: OtlpReceiver;
  let telemetry: Telemetry;
  let lines: [string, object][];
  const start = async (protocol: OtlpProtocol, env: Record<string, string> = {}): Promise<void> => {
    lines = [];
    const config = tracingConfig({
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url(protocol),
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
      ...env,
    });
    const log = {
      log: (message: string, fields: object) => lines.push([message, fields]),
      warn: (message: string, fields: object) => lines.push([message, fields]),
    };
    telemetry = await Telemetry.start('carts', config, undefined, log);
  };
  const request = {
    method: 'GET',
    route: '/carts/{id}',
    status: 500,
    scheme: 'http',
    errorType: '500',
    legacyRoute: 'carts',
  };
  const metric = (name: string): OtlpItem | undefined =>
    collector.items('metrics').find(({ item }) => item['name'] === name);
  beforeEach(async () => {
    collector = await OtlpReceiver.start();
  });
  afterEach(async () => {
    await telemetry.shutdown();
    await collector.close();
  });

  it.each<OtlpProtocol>(['grpc', 'http/protobuf', 'http/json'])(
    'arrive over %s under the names of the conventions, with the trace of an example',
    async (protocol) => {
      await start(protocol);
      const ids = await inSpan(telemetry, 'work', {}, (span) => {
        telemetry.metrics.observeHttpServer(0.02, request);
        telemetry.metrics.observeHttpServer(3, request);
        return span.spanContext();
      });
      telemetry.metrics.observeMessaging(0.1, {
        system: 'rabbitmq',
        operation: 'publish',
        destination: 'shipping-task',
        errorType: undefined,
      });
      await telemetry.flush();
      const served = metric('http.server.request.duration');
      expect(served?.resource).toMatchObject({
        'service.name': 'carts',
        'service.namespace': 'sock-shop',
        'process.pid': process.pid,
      });
      expect(served?.schemaUrl).toMatch(/^https:\/\/opentelemetry.io\/schemas\//);
      expect(served?.item).toMatchObject({ unit: 's', histogram: { aggregationTemporality: 2 } });
      const histogram = served?.item['histogram'] as { dataPoints: Record<string, unknown>[] };
      expect(histogram.dataPoints).toHaveLength(1);
      const [point] = histogram.dataPoints;
      expect(attributesOf(point)).toEqual({
        'http.request.method': 'GET',
        'http.route': '/carts/{id}',
        'http.response.status_code': 500,
        'url.scheme': 'http',
        'error.type': '500',
      });
      expect(point).toMatchObject({
        count: '2',
        sum: 3.02,
        explicitBounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
        bucketCounts: '0 0 1 0 0 0 0 0 0 0 0 1 0 0 0'.split(' '),
      });
      expect(point?.['exemplars']).toMatchObject([
        { traceId: ids.traceId, spanId: ids.spanId, asDouble: 0.02 },
        { traceId: ids.traceId, spanId: ids.spanId, asDouble: 3 },
      ]);
      expect(collector.items('traces').map(({ item }) => item['traceId'])).toContain(ids.traceId);
      expect(metric('messaging.client.sent.messages')?.item).toMatchObject({
        unit: '{message}',
        sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ asDouble: 1 }] },
      });
      expect(metric('nodejs.eventloop.utilization')?.item).toMatchObject({ unit: '1' });
      expect(metric('request_duration_seconds')).toBeUndefined(); // the original's, on /metrics only
    },
  );

  it('are sent every so often and at the end, each time with all that was counted', async () => {
    await start('grpc', { OTEL_METRIC_EXPORT_INTERVAL: '20' });
    telemetry.metrics.observeHttpServer(0.02, request);
    await until(() => collector.items('metrics').length > 50);
    await telemetry.shutdown();
    const counts = collector
      .items('metrics')
      .filter(({ item }) => item['name'] === 'http.server.request.duration')
      .map(
        ({ item }) =>
          (item['histogram'] as { dataPoints: { count: string }[] }).dataPoints[0]?.count,
      );
    expect(counts.length).toBeGreaterThan(1);
    expect(new Set(counts)).toEqual(new Set(['1']));
  });

  it('that are lost are counted and logged', async () => {
    collector.behaviour = () => ({ status: 3 });
    await start('grpc');
    telemetry.metrics.observeHttpServer(0.02, request);
    await telemetry.flush();
    await until(() => lines.some(([message]) => message === 'metrics are dropped'));
    expect(await telemetry.metrics.text()).toMatch(
      /^otel_sdk_exporter_metric_data_point_exported_total\{otel_component_name="otlp_grpc",error_type="export_failed"\} \d+$/m,
    );
  });

  it('are on the console where that is named, and nowhere without the setting', async () => {
    const printed = jest.spyOn(console, 'dir').mockReturnValue(undefined);
    await start('grpc', { OTEL_METRICS_EXPORTER: 'console' });
    telemetry.metrics.observeHttpServer(0.02, request);
    await telemetry.flush();
    await telemetry.shutdown();
    expect(JSON.stringify(printed.mock.calls)).toContain('http.server.request.duration');
    printed.mockClear();
    await start('grpc', { OTEL_METRICS_EXPORTER: '' });
    await telemetry.flush();
    expect([printed.mock.calls.length, collector.items('metrics').length]).toEqual([0, 0]);
    printed.mockRestore();
  });
});
