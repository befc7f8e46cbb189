import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { until } from '@sockshop/testing';
import { zipkin } from '@sockshop/testing/real-servers';
import { context } from '../src/context.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import type { ZipkinSpan } from '../src/zipkin-encoder.ts';

const { suite, url } = zipkin;

interface Link {
  parent: string;
  child: string;
  callCount: number;
  errorCount?: number;
}

suite('a real Zipkin', () => {
  const run = randomBytes(4).toString('hex'); // other runs may have left spans there
  const named = (service: string): string => `${service}-${run}`;
  const read = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${url}/api/v2/${path}`)).json()) as T;

  const start = (service: string): Promise<Tracing> =>
    Tracing.start(named(service), tracingConfig({ ZIPKIN: url }));

  /** One span; the work inside it gets the headers that it would send. */
  function span(
    tracing: Tracing,
    headers: Record<string, string>,
    [name, kind, attributes]: [string, SpanKind, Attributes],
    work: (headers: Record<string, string>) => void = () => undefined,
    failed = false,
  ): string {
    const caller = tracing.extract(headers);
    const own = tracing.tracer.startSpan(name, { kind, attributes }, caller);
    const sent: Record<string, string> = {};
    tracing.inject(trace.setSpan(context.active(), own), sent);
    work(sent);
    if (failed) own.setStatus({ code: SpanStatusCode.ERROR });
    own.end();
    return own.spanContext().traceId;
  }

  it('tells the trace back as it was sent, and draws the edges to services, broker and database', async () => {
    const frontEnd = await start('front-end');
    const orders = await start('orders');
    const queueMaster = await start('queue-master');
    const broker = { 'service.peer.name': named('rabbitmq') };
    const database = { 'service.peer.name': named('orders-db') };

    const call: [string, SpanKind, Attributes] = [
      'POST /orders',
      SpanKind.CLIENT,
      { 'service.peer.name': named('orders') },
    ];
    const traceId = span(frontEnd, {}, ['POST /orders', SpanKind.SERVER, {}], (inFrontEnd) => {
      span(frontEnd, inFrontEnd, call, (toOrders) => {
        span(orders, toOrders, ['POST /orders', SpanKind.SERVER, {}], (inOrders) => {
          span(orders, inOrders, ['insert orders', SpanKind.CLIENT, database], undefined, true);
          span(orders, inOrders, ['publish', SpanKind.PRODUCER, broker], (message) => {
            span(queueMaster, message, ['process', SpanKind.CONSUMER, broker]);
          });
        });
      });
    });
    await Promise.all([frontEnd, orders, queueMaster].map((tracing) => tracing.shutdown()));

    let found: ZipkinSpan[] = [];
    await until(async () => {
      const response = await fetch(`${url}/api/v2/trace/${traceId}`);
      found = response.ok ? ((await response.json()) as ZipkinSpan[]) : [];
      return found.length === 6;
    });
    const byId = new Map(found.map((item) => [item.id, item]));
    const shape = (item: ZipkinSpan) => [
      item.localEndpoint.serviceName,
      item.kind,
      item.name,
      item.parentId === undefined ? undefined : byId.get(item.parentId)?.name,
    ];
    expect(found.map(shape).sort()).toEqual(
      [
        [named('front-end'), 'SERVER', 'post /orders', undefined],
        [named('front-end'), 'CLIENT', 'post /orders', 'post /orders'],
        [named('orders'), 'SERVER', 'post /orders', 'post /orders'],
        [named('orders'), 'CLIENT', 'insert orders', 'post /orders'],
        [named('orders'), 'PRODUCER', 'publish', 'post /orders'],
        [named('queue-master'), 'CONSUMER', 'process', 'publish'],
      ].sort(),
    );
    expect(found.find(({ name }) => name === 'insert orders')?.tags).toMatchObject({ error: '' });

    const edges = async (): Promise<Link[]> => {
      const all = await read<Link[]>(`dependencies?endTs=${Date.now()}&lookback=600000`);
      return all.filter(({ parent }) => parent.endsWith(run));
    };
    await until(async () => (await edges()).length === 4);
    const byParent = (a: Link, b: Link): number =>
      `${a.parent} ${a.child}`.localeCompare(`${b.parent} ${b.child}`);
    expect((await edges()).sort(byParent)).toEqual([
      { parent: named('front-end'), child: named('orders'), callCount: 1 },
      { parent: named('orders'), child: named('orders-db'), callCount: 1, errorCount: 1 },
      { parent: named('orders'), child: named('rabbitmq'), callCount: 1 },
      { parent: named('rabbitmq'), child: named('queue-master'), callCount: 1 },
    ]);
  });
});
