import { propagation, SpanKind } from '@opentelemetry/api';
import { expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { ended, StandIn, until } from '@sockshop/testing';
import { Telemetry } from '@sockshop/telemetry';
import { context, inSpan, tracingConfig } from '@sockshop/tracing';
import { z } from 'zod';
import { Upstream } from '../src/upstream.ts';
import { Log } from './log.ts';

const Any = z.object({});
const CALLS = 1000;
/** One of ten shoppers sends no baggage: that of another one must not become theirs. */
const shopperOf = (index: number): string | undefined =>
  index % 10 === 0 ? undefined : `shopper-${index}`;

interface Service {
  readonly telemetry: Telemetry;
  readonly spans: InMemorySpanExporter;
}

async function aService(name: string): Promise<Service> {
  const spans = new InMemorySpanExporter();
  return { telemetry: await Telemetry.start(name, tracingConfig({}), spans), spans };
}

function upstream(telemetry: Telemetry, name: string, { url: baseUrl }: StandIn): Upstream {
  const patient = { timeoutMs: 60_000, callsAtOnce: CALLS };
  return new Upstream({ name, baseUrl, telemetry, log: new Log(), ...patient });
}

/** Handles each request in a SERVER span, which has the shopper of its baggage. */
function serve({ telemetry }: Service, work: () => Promise<unknown>): Promise<StandIn> {
  return StandIn.start(({ headers }) => {
    const handle = () =>
      inSpan(telemetry, 'GET /socks', { kind: SpanKind.SERVER }, async (span) => {
        await work();
        const shopper = propagation.getBaggage(context.active())?.getEntry('shopper')?.value;
        if (shopper !== undefined) span.setAttribute('shopper', shopper);
        return { status: 200, body: {} };
      });
    return context.with(telemetry.extract(headers), handle);
  });
}

it('1,000 calls in flight at once from one service through a second to a third make 1,000 traces, each with the baggage of its shopper and each span under the one that called it', async () => {
  const [front, middle, end] = await Promise.all(['front-end', 'orders', 'carts'].map(aService));
  let arrived = 0;
  const all = Promise.withResolvers<undefined>();
  const third = await serve(end!, () => {
    arrived += 1;
    if (arrived === CALLS) all.resolve(undefined); // none is answered before the last one is there
    return all.promise;
  });
  const toThird = upstream(middle!.telemetry, 'carts', third);
  const second = await serve(middle!, () => toThird.get('/items', Any));
  const toSecond = upstream(front!.telemetry, 'orders', second);

  const { telemetry } = front!;
  const calls: Promise<unknown>[] = [];
  for (let index = 0; index < CALLS; index += 1) {
    const shopper = shopperOf(index);
    const headers = shopper === undefined ? {} : { baggage: `shopper=${shopper}` };
    const options = { kind: SpanKind.SERVER, attributes: { shopper } };
    const call = (): Promise<unknown> =>
      inSpan(telemetry, 'GET /', options, () => toSecond.get('/orders', Any));
    calls.push(context.with(telemetry.extract(headers), call));
    // A thousand connections at the same moment are more than a server's line of new ones holds.
    if (calls.length % 50 === 0) await until(() => arrived === calls.length);
  }
  await Promise.all(calls);
  expect(arrived).toBe(CALLS);
  const spans = [
    ...(await ended(front!.spans, 2 * CALLS)),
    ...(await ended(middle!.spans, 2 * CALLS)),
    ...(await ended(end!.spans, CALLS)),
  ];
  const traces = Map.groupBy(spans, (span) => span.spanContext().traceId);
  expect(traces.size).toBe(CALLS);
  const leaks = [...traces.values()].filter((trace) => {
    const servers = trace.filter(({ kind }) => kind === SpanKind.SERVER);
    return new Set(servers.map(({ attributes }) => attributes['shopper'])).size > 1;
  });
  expect(leaks).toEqual([]);
  const shoppers = [...traces.values()].map((trace) => trace.at(-1)?.attributes['shopper']);
  expect(shoppers.sort()).toEqual(Array.from({ length: CALLS }, (_, n) => shopperOf(n)).sort());
  for (const trace of traces.values()) {
    expect(pathTo(trace.at(-1)!, trace)).toEqual([
      'front-end SERVER',
      'front-end CLIENT',
      'orders SERVER',
      'orders CLIENT',
      'carts SERVER',
    ]);
  }
  await Promise.all([toSecond.close(), toThird.close()]);
  await Promise.all([second.close(), third.close()]);
  await Promise.all([front, middle, end].map((service) => service!.telemetry.shutdown()));
});

function pathTo(span: ReadableSpan, trace: readonly ReadableSpan[]): string[] {
  const { parentSpanContext } = span;
  const parent = trace.find((one) => one.spanContext().spanId === parentSpanContext?.spanId);
  const own = `${String(span.resource.attributes['service.name'])} ${SpanKind[span.kind]}`;
  return [...(parent ? pathTo(parent, trace) : []), own];
}
