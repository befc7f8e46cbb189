import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StandIn, until } from '@sockshop/testing';
import { attributesOf, type OtlpProtocol, OtlpReceiver } from '@sockshop/testing/otlp-receiver';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { exportCounts } from './export-counts.ts';

const PROTOCOLS: [OtlpProtocol, string][] = [
  ['grpc', 'otlp_grpc'],
  ['http/protobuf', 'otlp_http'],
  ['http/json', 'otlp_http_json'],
];
/** What makes a collector's answer one that lets a client try again, and one that does not. */
const AGAIN = { grpc: 14, 'http/protobuf': 503, 'http/json': 429 };
const NEVER = { grpc: 3, 'http/protobuf': 400, 'http/json': 400 };

let collector: OtlpReceiver;
let tracing: Tracing;
let counts: Record<string, number>;
let lines: [string, object][];
const log = {
  log: (message: string, fields: object) => lines.push([message, fields]),
  warn: (message: string, fields: object) => lines.push([message, fields]),
};
const start = async (protocol: OtlpProtocol, env: Record<string, string> = {}): Promise<void> => {
  const config = tracingConfig({
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url(protocol),
    ...env,
  });
  const counter = exportCounts();
  counts = counter.counts;
  tracing = await Tracing.start('carts', config, undefined, log, counter.countExported);
};
const work = (spans = 1): void => {
  for (let index = 0; index < spans; index += 1) tracing.tracer.startSpan(`work ${index}`).end();
};
beforeEach(async () => {
  lines = [];
  collector = await OtlpReceiver.start();
});
afterEach(async () => {
  await tracing.shutdown();
  await collector.close();
});

describe.each(PROTOCOLS)('spans on their way to a collector over %s', (protocol, component) => {
  it('arrive with resource, scope, schema and all they hold', async () => {
    await start(protocol, { OTEL_BSP_SCHEDULE_DELAY: '0' });
    const linked = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: 1 };
    const parent = tracing.extract({
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      tracestate: 'vendor=1',
    });
    const attributes = { 'http.route': '/carts/{id}', size: 3, share: 0.5, hit: true, ids: ['a'] };
    const span = tracing.tracer.startSpan(
      'GET /carts/{id}',
      {
        kind: SpanKind.SERVER,
        attributes,
        links: [{ context: linked, attributes: { of: 'batch' } }],
      },
      parent,
    );
    span.addEvent('retry', { attempt: 2 });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'no cart' });
    span.end();
    await until(() => collector.requests.length === 1);
    expect(collector.requests[0]?.protocol).toBe(protocol);
    const [one] = collector.items('traces');
    expect(one?.resource).toMatchObject({
      'service.name': 'carts',
    });
    expect(one?.resource['service.instance.id']).toMatch(/^[\da-f-]{36}$/);
    expect(one?.scope['name']).toBe('@sockshop/tracing');
    expect(one?.schemaUrl).toMatch(/^https:\/\/opentelemetry.io\/schemas\//);
    expect(one?.item).toMatchObject({
      traceId: 'a'.repeat(32),
      parentSpanId: 'b'.repeat(16),
      spanId: span.spanContext().spanId,
      traceState: 'vendor=1',
      name: 'GET /carts/{id}',
      kind: 2,
      status: { code: 2, message: 'no cart' },
      links: [{ traceId: linked.traceId, spanId: linked.spanId }],
      events: [{ name: 'retry' }],
    });
    expect(attributesOf(one?.item)).toEqual(attributes);
    const { startTimeUnixNano, endTimeUnixNano } = one?.item as Record<string, string>;
    expect(BigInt(endTimeUnixNano!) >= BigInt(startTimeUnixNano!)).toBe(true);
    await until(() => counts[`${component} sent`] === 1);
  });

  it('come compressed where that is set, with the headers that are set', async () => {
    await start(protocol, {
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_HEADERS: 'Api-Key=s%3D1',
    });
    work(3);
    await tracing.flush();
    work();
    await tracing.flush();
    expect(collector.items('traces')).toHaveLength(4);
    const { headers } = collector.requests[0]!;
    expect(headers['api-key']).toBe('s=1');
    const encoding = protocol === 'grpc' ? 'grpc-encoding' : 'content-encoding';
    if (protocol !== 'grpc') expect(headers[encoding]).toBe('gzip'); // gRPC's library keeps its own headers
  });

  it('are sent at shutdown to the last one', async () => {
    await start(protocol, { OTEL_BSP_SCHEDULE_DELAY: '600000' });
    work(1000);
    await tracing.shutdown();
    expect(new Set(collector.items('traces').map(({ item }) => item['name'])).size).toBe(1000);
  });

  it('are sent again, with back-off, when the collector is overloaded, and none is lost', async () => {
    const moments: number[] = [];
    collector.behaviour = (earlier) => {
      moments.push(performance.now());
      return earlier < 2 ? { status: AGAIN[protocol] } : {};
    };
    await start(protocol);
    work(3);
    await tracing.flush();
    expect([counts, lines]).toEqual([{ [`${component} sent`]: 3 }, []]);
    expect(moments[1]! - moments[0]!).toBeGreaterThan(120); // at least half of 250 ms
    expect(moments[2]! - moments[1]!).toBeGreaterThan(245); // at least half of 500 ms
    const [first, ...more] = collector.requests.map(({ message }) => message);
    expect(more).toEqual([first, first]);
  });

  it('are sent where the collector answers late', async () => {
    await start(protocol);
    let answer = (): void => undefined;
    collector.behaviour = () =>
      new Promise((done) => {
        answer = () => {
          done({});
        };
      });
    work();
    const flushed = tracing.flush();
    await until(() => collector.requests.length === 1);
    expect(counts).toEqual({});
    answer();
    await flushed;
    expect([counts, lines]).toEqual([{ [`${component} sent`]: 1 }, []]);
  });

  it('are lost, counted and logged when it refuses them; two lines tell of the failure and of its end', async () => {
    collector.behaviour = (earlier) => (earlier < 2 ? { status: NEVER[protocol] } : {});
    await start(protocol);
    for (let batch = 0; batch < 3; batch += 1) {
      work();
      await tracing.flush();
    }
    expect(counts).toEqual({ [`${component} export_failed`]: 2, [`${component} sent`]: 1 });
    const reason = expect.stringMatching(/^127\.0\.0\.1:\d+ answered /);
    expect(lines).toEqual([
      ['spans are dropped', { exporter: component, dropped: 2, reason }],
      ['spans are exported again', { exporter: component, dropped: 2 }],
    ]);
  });

  it('are counted as rejected where it takes a part of them', async () => {
    collector.behaviour = () => ({ rejected: 2 });
    await start(protocol);
    work(5);
    await tracing.flush();
    expect(counts).toEqual({ [`${component} sent`]: 3, [`${component} rejected`]: 2 });
    await tracing.shutdown();
    expect(lines).toEqual([
      ['spans are dropped', { exporter: component, dropped: 2, reason: 'too much' }],
    ]);
  });

  it('are bounded while it hangs, and do not keep the service from closing', async () => {
    collector.behaviour = () => 'hang';
    await start(protocol, { OTEL_BSP_MAX_QUEUE_SIZE: '50', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' });
    work(100); // ten of them leave the queue at once, to hang in the exporter
    expect(counts).toEqual({ [`${component} queue_full`]: 40 });
    await tracing.shutdown();
  });

  it('are lost, counted and logged where nothing listens in time', async () => {
    const gone = await StandIn.start(() => ({ status: 200 }));
    await gone.close();
    await start(protocol, {
      OTEL_EXPORTER_OTLP_ENDPOINT: gone.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
    });
    work(2);
    await tracing.flush();
    expect(counts).toEqual({ [`${component} export_failed`]: 2 });
    await until(() => lines.length === 1);
    expect(lines[0]?.[1]).toMatchObject({ reason: expect.stringMatching(/ECONNREFUSED|in time/) });
  });
});

describe('spans on their way to several places', () => {
  it('go to Zipkin and to a collector where both are named', async () => {
    const zipkin = await StandIn.start(() => ({ status: 202 }));
    await start('http/protobuf', { ZIPKIN: zipkin.url });
    work();
    await tracing.flush();
    expect([zipkin.received.length, collector.items('traces').length]).toEqual([1, 1]);
    await zipkin.close();
  });
});
