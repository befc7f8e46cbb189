import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CUT, HANG, StandIn, until } from '@sockshop/testing';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import type { ZipkinSpan } from '../src/zipkin-encoder.ts';
import { exportCounts } from './export-counts.ts';

const work = (tracing: Tracing, spans: number): void => {
  for (let index = 0; index < spans; index += 1) tracing.tracer.startSpan(`work ${index}`).end();
};

describe('spans on their way to Zipkin', () => {
  let zipkin: StandIn | undefined;
  let tracing: Tracing;
  let counts: Record<string, number>;
  let lines: [string, object][];
  const log = {
    log: (message: string, fields: object) => lines.push([message, fields]),
    warn: (message: string, fields: object) => lines.push([message, fields]),
  };
  const start = async (url: string, env: Record<string, string> = {}): Promise<Tracing> => {
    const config = tracingConfig({ ZIPKIN: url, ...env });
    const counter = exportCounts();
    counts = counter.counts;
    tracing = await Tracing.start('carts', config, undefined, log, counter.countExported);
    return tracing;
  };
  beforeEach(() => {
    zipkin = undefined;
    lines = [];
  });
  afterEach(async () => {
    await tracing.shutdown();
    await zipkin?.close();
  });

  it('go out as JSON lists in batches, over one connection', async () => {
    zipkin = await StandIn.start(() => ({ status: 202 }));
    await start(zipkin.url, { OTEL_BSP_SCHEDULE_DELAY: '5', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' });
    work(tracing, 25);
    await until(() => zipkin!.items().length === 25);
    expect(zipkin.received.map(({ path }) => path)).toEqual(Array(3).fill('/api/v2/spans'));
    expect(zipkin.received[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(zipkin.items<ZipkinSpan>().map(({ name }) => name)).toEqual(
      Array.from({ length: 25 }, (_, index) => `work ${index}`),
    );
    expect(zipkin.connections).toBe(1);
    await until(() => counts['zipkin sent'] === 25);
  });

  it('carry no trace context and are not traced themselves', async () => {
    zipkin = await StandIn.start(() => ({ status: 202 }));
    await start(zipkin.url);
    work(tracing, 1);
    await tracing.flush();
    await tracing.flush();
    expect(zipkin.items()).toHaveLength(1);
    const names = Object.keys(zipkin.received[0]!.headers);
    expect(names.filter((name) => /^(traceparent|tracestate|baggage|b3|x-b3-)/.test(name))).toEqual(
      [],
    );
  });

  it('name the address where the service listens', async () => {
    zipkin = await StandIn.start(() => ({ status: 202 }));
    await start(zipkin.url);
    Object.assign(tracing.localAddress, { address: '127.0.0.1', port: 8082 });
    work(tracing, 1);
    await tracing.flush();
    const localEndpoint = { serviceName: 'carts', ipv4: '127.0.0.1', port: 8082 };
    expect(zipkin.items()).toMatchObject([{ localEndpoint }]);
  });

  it('carry the debug mark in every span of a B3 debug trace', async () => {
    zipkin = await StandIn.start(() => ({ status: 202 }));
    await start(zipkin.url);
    const caller = tracing.extract({ b3: 'd' });
    tracing.tracer.startSpan('debugged', {}, caller).end();
    work(tracing, 1);
    await tracing.flush();
    expect(zipkin.items<ZipkinSpan>().map(({ name, debug }) => [name, debug])).toEqual([
      ['debugged', true],
      ['work 0', undefined],
    ]);
  });

  it('are sent at shutdown to the last one', async () => {
    zipkin = await StandIn.start(() => ({ status: 202 }));
    await start(zipkin.url, { OTEL_BSP_SCHEDULE_DELAY: '600000' });
    work(tracing, 1200);
    await tracing.shutdown();
    expect(zipkin.items()).toHaveLength(1200);
  });

  it.each([400, 404, 413])('are lost, counted and logged when it answers %d', async (status) => {
    zipkin = await StandIn.start(() => ({ status: status }));
    await start(zipkin.url);
    work(tracing, 3);
    await tracing.flush();
    expect(counts).toEqual({ 'zipkin export_failed': 3 });
    expect(zipkin.received).toHaveLength(1);
    await tracing.shutdown();
    const reason = `${new URL(zipkin.url).host} answered ${status}`;
    expect(lines).toEqual([['spans are dropped', { exporter: 'zipkin', dropped: 3, reason }]]);
  });

  it.each([429, 500, 502, 503, 504])('are sent again when it answers %d', async (status) => {
    zipkin = await StandIn.start((_request, earlier) => ({ status: earlier < 2 ? status : 202 }));
    await start(zipkin.url);
    work(tracing, 3);
    await tracing.flush();
    expect(counts).toEqual({ 'zipkin sent': 3 });
    const [first, ...more] = zipkin.received.map(({ bytes }) => bytes);
    expect(more).toEqual([first, first]); // equal ids: a Zipkin that took them shows them once
    expect(lines).toEqual([]);
  });

  it('are sent again when it asks for, not before', async () => {
    const moments: number[] = [];
    zipkin = await StandIn.start((_request, earlier) => {
      moments.push(performance.now());
      return earlier === 0 ? { status: 503, headers: { 'retry-after': '1' } } : { status: 202 };
    });
    await start(zipkin.url);
    work(tracing, 1);
    await tracing.flush();
    expect(counts).toEqual({ 'zipkin sent': 1 });
    expect(moments[1]! - moments[0]!).toBeGreaterThan(990);
  });

  it('are lost when it asks for more time than a batch has', async () => {
    const busy = { status: 503, headers: { 'retry-after': '3600' } };
    zipkin = await StandIn.start(() => busy);
    await start(zipkin.url);
    work(tracing, 1);
    await tracing.flush();
    expect([counts, zipkin.received.length]).toEqual([{ 'zipkin export_failed': 1 }, 1]);
  });

  it('are sent where it answers late: it took them', async () => {
    let answer = (): void => undefined;
    zipkin = await StandIn.start(() => (response) => {
      answer = () => response.writeHead(202).end();
    });
    await start(zipkin.url);
    work(tracing, 2);
    const flushed = tracing.flush();
    await until(() => zipkin!.received.length === 1);
    expect(counts).toEqual({});
    answer();
    await flushed;
    expect([counts, zipkin.received.length]).toEqual([{ 'zipkin sent': 2 }, 1]);
  });

  it('are sent again when it closed the kept connection meanwhile', async () => {
    zipkin = await StandIn.start((_request, earlier) => (earlier === 1 ? CUT : { status: 202 }));
    await start(zipkin.url);
    work(tracing, 1);
    await tracing.flush();
    work(tracing, 2);
    await tracing.flush();
    expect(counts).toEqual({ 'zipkin sent': 3 });
    expect(zipkin.connections).toBe(2);
  });

  it('wait for it where nothing listens yet', async () => {
    const closed = await StandIn.start(() => ({ status: 202 }));
    await closed.close();
    await start(closed.url);
    work(tracing, 2);
    const flushed = tracing.flush();
    zipkin = await StandIn.start(() => ({ status: 202 }), closed.port);
    await flushed;
    expect([counts, lines]).toEqual([{ 'zipkin sent': 2 }, []]);
  });

  it('are lost and counted where nothing listens in time, and go out again once it does: two lines in the log', async () => {
    const closed = await StandIn.start(() => ({ status: 202 }));
    await closed.close();
    await start(closed.url, { OTEL_BSP_EXPORT_TIMEOUT: '100' });
    work(tracing, 2);
    await tracing.flush();
    work(tracing, 4);
    await tracing.flush();
    expect(counts).toEqual({ 'zipkin export_failed': 6 });
    await until(() => lines.length === 1);
    zipkin = await StandIn.start(() => ({ status: 202 }), closed.port);
    work(tracing, 3);
    await tracing.flush();
    expect(counts).toEqual({ 'zipkin export_failed': 6, 'zipkin sent': 3 });
    const dropped = { exporter: 'zipkin', dropped: 6 };
    expect(lines).toEqual([
      ['spans are dropped', { ...dropped, reason: expect.stringContaining('ECONNREFUSED') }],
      ['spans are exported again', dropped],
    ]);
  });

  it('have one attempt when the service ends', async () => {
    zipkin = await StandIn.start(() => ({ status: 503 }));
    await start(zipkin.url);
    work(tracing, 2);
    await tracing.shutdown();
    expect([counts, zipkin.received.length]).toEqual([{ 'zipkin export_failed': 2 }, 1]);
    expect(lines).toHaveLength(1);
  });

  it('are bounded while it hangs: what is over the queue is lost and counted', async () => {
    zipkin = await StandIn.start(() => HANG);
    const limits = { OTEL_BSP_MAX_QUEUE_SIZE: '50', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' };
    await start(zipkin.url, limits);
    work(tracing, 100); // ten of them leave the queue at once, to hang in the exporter
    expect(counts).toEqual({ 'zipkin queue_full': 40 });
    await until(() => lines.length === 1);
    const dropped = { exporter: 'zipkin', dropped: 40, reason: 'queue_full' };
    expect(lines).toEqual([['spans are dropped', dropped]]);
    await until(() => zipkin!.received.length === 1);
  });

  it('do not keep the service from closing while it hangs', async () => {
    zipkin = await StandIn.start(() => HANG);
    await start(zipkin.url);
    work(tracing, 5);
    await tracing.shutdown();
    expect(zipkin.received).toHaveLength(1);
  });

  it('are lost and counted after the time limit when it hangs', async () => {
    zipkin = await StandIn.start(() => HANG);
    await start(zipkin.url, { OTEL_BSP_EXPORT_TIMEOUT: '30' });
    work(tracing, 5);
    await tracing.flush();
    await until(() => counts['zipkin export_failed'] === 5);
  });
});
