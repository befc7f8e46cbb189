import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import { attributesOf, OtlpReceiver, valueOf } from '@sockshop/testing/otlp-receiver';
import { inSpan, tracingConfig } from '@sockshop/tracing';
import { JsonLog } from '../src/json-log.ts';

describe('lines of the JSON log with OTEL_LOGS_EXPORTER=otlp', () => {
  let collector: OtlpReceiver;
  let telemetry: Telemetry;
  let lines: Record<string, unknown>[];
  const start = async (env: Record<string, string> = {}): Promise<JsonLog> => {
    lines = [];
    const log = new JsonLog('shelf', 'info', (line) =>
      lines.push(JSON.parse(line) as Record<string, unknown>),
    );
    const protocol = 'grpc';
    const config = tracingConfig({
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url(protocol),
      ...env,
    });
    telemetry = await Telemetry.start('shelf', config, undefined, log);
    log.sendTo(telemetry.logger);
    return log;
  };
  const exported = async (name: string): Promise<string[]> =>
    (await telemetry.metrics.text()).split('\n').filter((line) => line.startsWith(name));
  beforeEach(async () => {
    collector = await OtlpReceiver.start();
  });
  afterEach(async () => {
    await telemetry.shutdown();
    await collector.close();
  });

  it.each(['grpc', 'http/protobuf', 'http/json'] as const)(
    'are log records of the active span, over %s, without secrets',
    async (protocol) => {
      const log = await start({
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url(protocol),
      });
      const ids = await inSpan(telemetry, 'work', {}, (span) => {
        log.warn('order is late', { orderId: '57a98d98', url: '/x?token=hush', parts: ['a'] });
        return span.spanContext();
      });
      log.error('outside', { error: new Error('it broke') });
      await telemetry.flush();
      const [inside, outside] = collector.items('logs');
      expect(collector.requests[0]?.protocol).toBe(protocol);
      expect(inside?.resource).toMatchObject({ 'service.name': 'shelf' });
      expect(inside?.item).toMatchObject({
        traceId: ids.traceId,
        spanId: ids.spanId,
        severityNumber: 13,
        severityText: 'warn',
      });
      expect(valueOf(inside?.item['body'])).toBe('order is late');
      expect(attributesOf(inside?.item)).toEqual({
        orderId: '57a98d98',
        url: '/x?token=REDACTED',
        parts: ['a'],
      });
      expect(outside?.item['traceId'] ?? '').toBe('');
      expect(attributesOf(outside?.item)).toEqual({ error: 'Error: it broke' });
      expect(lines.map(({ message }) => message)).toEqual(['order is late', 'outside']);
      expect(await exported('otel_sdk_exporter_log_exported_total{')).toHaveLength(1);
    },
  );

  it('are lost and counted when the collector refuses them, and the JSON log has them all', async () => {
    collector.behaviour = () => ({ status: 3 });
    const log = await start();
    for (const message of ['one', 'two']) log.log(message);
    await telemetry.flush();
    await until(() => lines.some(({ message }) => message === 'log records are dropped'));
    expect(lines.slice(0, 2).map(({ message }) => message)).toEqual(['one', 'two']);
    expect(await exported('otel_sdk_exporter_log_exported_total{')).toEqual([
      'otel_sdk_exporter_log_exported_total{otel_component_name="otlp_grpc",error_type="export_failed"} 2',
    ]);
  });

  it('are sent at shutdown, and nowhere without the setting', async () => {
    const log = await start({ OTEL_BLRP_SCHEDULE_DELAY: '600000' });
    log.log('last words');
    await telemetry.shutdown();
    expect(collector.items('logs')).toHaveLength(1);
    const silent = await start({ OTEL_LOGS_EXPORTER: '' });
    silent.log('to the JSON log alone');
    await telemetry.shutdown();
    expect([collector.items('logs').length, lines.length]).toEqual([1, 1]);
  });
});
