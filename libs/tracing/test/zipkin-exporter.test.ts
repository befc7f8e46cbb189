import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { Telemetry } from '../src/telemetry.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import type { ZipkinSpan } from '../src/zipkin-encoder.ts';
import { Collector } from './collector.ts';

const work = (telemetry: Telemetry, spans: number): void => {
  for (let index = 0; index < spans; index += 1) telemetry.tracer.startSpan(`work ${index}`).end();
};

/** Spans counted by result: `sent`, or the `error_type` of the loss. */
async function counted(telemetry: Telemetry): Promise<Record<string, number>> {
  const text = await telemetry.metrics.registry.metrics();
  const lines = text.matchAll(/^otel_sdk_exporter_span_exported_total\{(.*)\} (\d+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, labels = '', count]) => [
      /error_type="(\w+)"/.exec(labels)?.[1] ?? 'sent',
      Number(count),
    ]),
  );
}

describe('spans on their way to Zipkin', () => {
  let zipkin: Collector | undefined;
  let telemetry: Telemetry;
  const start = async (url: string, env: Record<string, string> = {}): Promise<Telemetry> => {
    telemetry = await Telemetry.start('carts', tracingConfig({ ZIPKIN: url, ...env }));
    return telemetry;
  };
  beforeEach(() => {
    zipkin = undefined;
  });
  afterEach(async () => {
    await telemetry.shutdown();
    await zipkin?.close();
  });

  it('go out as JSON lists in batches, over one connection', async () => {
    zipkin = await Collector.start();
    await start(zipkin.url, { OTEL_BSP_SCHEDULE_DELAY: '5', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' });
    work(telemetry, 25);
    await until(() => zipkin!.items().length === 25);
    expect(zipkin.received.map(({ path }) => path)).toEqual(Array(3).fill('/api/v2/spans'));
    expect(zipkin.received[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(zipkin.items<ZipkinSpan>().map(({ name }) => name)).toEqual(
      Array.from({ length: 25 }, (_, index) => `work ${index}`),
    );
    expect(zipkin.connections).toBe(1);
    await until(async () => (await counted(telemetry))['sent'] === 25);
  });

  it('carry no trace context and are not traced themselves', async () => {
    zipkin = await Collector.start();
    await start(zipkin.url);
    work(telemetry, 1);
    await telemetry.flush();
    await telemetry.flush();
    expect(zipkin.items()).toHaveLength(1);
    const names = Object.keys(zipkin.received[0]!.headers);
    expect(names.filter((name) => /^(traceparent|tracestate|baggage|b3|x-b3-)/.test(name))).toEqual(
      [],
    );
  });

  it('name the address where the service listens', async () => {
    zipkin = await Collector.start();
    await start(zipkin.url);
    Object.assign(telemetry.localAddress, { address: '127.0.0.1', port: 8082 });
    work(telemetry, 1);
    await telemetry.flush();
    const localEndpoint = { serviceName: 'carts', ipv4: '127.0.0.1', port: 8082 };
    expect(zipkin.items()).toMatchObject([{ localEndpoint }]);
  });

  it('carry the debug mark in every span of a B3 debug trace', async () => {
    zipkin = await Collector.start();
    await start(zipkin.url);
    const caller = telemetry.extract({ b3: 'd' });
    telemetry.tracer.startSpan('debugged', {}, caller).end();
    work(telemetry, 1);
    await telemetry.flush();
    expect(zipkin.items<ZipkinSpan>().map(({ name, debug }) => [name, debug])).toEqual([
      ['debugged', true],
      ['work 0', undefined],
    ]);
  });

  it('are sent at shutdown to the last one', async () => {
    zipkin = await Collector.start();
    await start(zipkin.url, { OTEL_BSP_SCHEDULE_DELAY: '600000' });
    work(telemetry, 1200);
    await telemetry.shutdown();
    expect(zipkin.items()).toHaveLength(1200);
  });

  it.each([400, 500, 503])('are lost and counted when it answers %d', async (status) => {
    zipkin = await Collector.start((response) => response.writeHead(status).end());
    await start(zipkin.url);
    work(telemetry, 3);
    await telemetry.flush();
    expect(await counted(telemetry)).toEqual({ export_failed: 3 });
    expect(zipkin.received).toHaveLength(1);
  });

  it('are sent again when it closed the kept connection meanwhile', async () => {
    zipkin = await Collector.start((response, earlier) => {
      if (earlier === 1) response.socket?.destroy();
      else response.writeHead(202).end();
    });
    await start(zipkin.url);
    work(telemetry, 1);
    await telemetry.flush();
    work(telemetry, 2);
    await telemetry.flush();
    expect(await counted(telemetry)).toEqual({ sent: 3 });
    expect(zipkin.connections).toBe(2);
  });

  it('are lost and counted where nothing listens, and go out again once it does', async () => {
    const away = await Collector.start();
    await away.close();
    await start(away.url);
    work(telemetry, 2);
    await telemetry.flush();
    expect(await counted(telemetry)).toEqual({ export_failed: 2 });
    zipkin = await Collector.start(undefined, Number(new URL(away.url).port));
    work(telemetry, 3);
    await telemetry.flush();
    expect(await counted(telemetry)).toEqual({ export_failed: 2, sent: 3 });
  });

  it('are bounded while it hangs: what is over the queue is lost and counted', async () => {
    zipkin = await Collector.start(() => undefined);
    const limits = { OTEL_BSP_MAX_QUEUE_SIZE: '50', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' };
    await start(zipkin.url, limits);
    work(telemetry, 100); // ten of them leave the queue at once, to hang in the exporter
    expect(await counted(telemetry)).toEqual({ queue_full: 40 });
    await until(() => zipkin!.received.length === 1);
  });

  it('do not keep the service from closing while it hangs', async () => {
    zipkin = await Collector.start(() => undefined);
    await start(zipkin.url);
    work(telemetry, 5);
    await telemetry.shutdown();
    expect(zipkin.received).toHaveLength(1);
  });

  it('are lost and counted after the time limit when it hangs', async () => {
    zipkin = await Collector.start(() => undefined);
    await start(zipkin.url, { OTEL_BSP_EXPORT_TIMEOUT: '30' });
    work(telemetry, 5);
    await telemetry.flush();
    await until(async () => (await counted(telemetry))['export_failed'] === 5);
  });
});
