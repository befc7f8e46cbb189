import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { until } from '@sockshop/testing';
import { zipkin } from '@sockshop/testing/real-servers';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import type { ZipkinSpan } from '../src/zipkin-encoder.ts';
import { injected } from './headers.ts';

const { suite, url } = zipkin;

suite('edges and counts of a real Zipkin', () => {
  /** A span of `tracing`; the work inside it gets the headers that it would send. */
  function span(
    tracing: Tracing,
    headers: Record<string, string>,
    kind: SpanKind,
    attributes: Attributes,
    failed: boolean,
    work: (headers: Record<string, string>) => void = () => undefined,
  ): string {
    const caller = tracing.extract(headers);
    const own = tracing.tracer.startSpan(SpanKind[kind], { kind, attributes }, caller);
    work(injected(tracing, trace.setSpan(caller, own)));
    if (failed) own.setStatus({ code: SpanStatusCode.ERROR });
    own.end();
    return own.spanContext().traceId;
  }

  it.each([
    ['with spans of their own', {}, 9],
    ['with joined spans', { ZIPKIN_SUPPORTS_JOIN: 'true' }, 5],
  ])('are exact for servers %s', async (_mode, env, distinctIds) => {
    const run = randomBytes(4).toString('hex'); // other runs may have left spans there
    const named = (service: string): string => `${service}-${run}`;
    const [frontEnd, orders, carts] = await Promise.all(
      ['front-end', 'orders', 'carts'].map((name) =>
        Tracing.start(named(name), tracingConfig({ ...env, ZIPKIN: url })),
      ),
    );
    // front-end calls orders three times, the second time in vain; the last time orders calls carts.
    const call =
      (failed: boolean, work?: (headers: Record<string, string>) => void) =>
      (inside: Record<string, string>): void => {
        const to = { 'service.peer.name': named('orders') };
        span(frontEnd!, inside, SpanKind.CLIENT, to, failed, (sent) => {
          span(orders!, sent, SpanKind.SERVER, {}, failed, work);
        });
      };
    const traceId = span(frontEnd!, {}, SpanKind.SERVER, {}, false, (inside) => {
      call(false)(inside);
      call(true)(inside);
      call(false, (inOrders) => {
        const to = { 'service.peer.name': named('carts') };
        span(orders!, inOrders, SpanKind.CLIENT, to, false, (sent) => {
          span(carts!, sent, SpanKind.SERVER, {}, false);
        });
      })(inside);
    });
    await Promise.all([frontEnd, orders, carts].map((tracing) => tracing!.shutdown()));

    let found: ZipkinSpan[] = [];
    await until(async () => {
      const response = await fetch(`${url}/api/v2/trace/${traceId}`);
      found = response.ok ? ((await response.json()) as ZipkinSpan[]) : [];
      return found.length === 9;
    });
    expect(new Set(found.map(({ id }) => id)).size).toBe(distinctIds);
    expect(found.filter(({ shared }) => shared)).toHaveLength(9 - distinctIds);

    const links = async () => {
      const query = `dependencies?endTs=${Date.now()}&lookback=600000`;
      const response = await fetch(`${url}/api/v2/${query}`);
      const all = (await response.json()) as { parent: string; child: string }[];
      return all.filter(({ parent }) => parent.endsWith(run));
    };
    await until(async () => (await links()).length === 2);
    expect((await links()).sort((a, b) => a.child.localeCompare(b.child))).toEqual([
      { parent: named('orders'), child: named('carts'), callCount: 1 },
      { parent: named('front-end'), child: named('orders'), callCount: 3, errorCount: 1 },
    ]);
  });
});
