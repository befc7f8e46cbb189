import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { CUT, until } from '@sockshop/testing';
import { BROKER_UNAVAILABLE, idOf, onEachStore, SOCK, SWEEPING } from './instances.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;
/** Orders are recovered as soon as a sweep sees them. */
const GREEDY = { ...SWEEPING, SWEEP_AFTER_MS: '300', ...BROKER_UNAVAILABLE };

onEachStore((instances) => {
  const { shop } = instances;

  /** Places an order whose shipment cannot be sent. */
  async function placed(
    service: ServiceUnderTest,
    headers: Record<string, string> = { traceparent: TRACEPARENT },
  ): Promise<string> {
    shop.shipping.instead = () => CUT;
    const { request } = shop.customer(SOCK);
    const response = await service.send('POST', '/orders', request, headers);
    expect(response.status).toBe(201);
    return idOf(response);
  }
  const named = (service: ServiceUnderTest, name: string): ReadableSpan[] =>
    service.spans.getFinishedSpans().filter((span) => span.name === name);
  const creation = (service: ServiceUnderTest) => named(service, 'POST /orders')[0]!.spanContext();
  const probes = () => shop.shipping.received.filter(({ path }) => path === '/health').length;

  describe('a recovered order', () => {
    it('has a root of its own, linked to its creation, and none for sweeps that find nothing new', async () => {
      const service = await instances.start(GREEDY);
      const baggage = 'user-name=5f2c0e9a77d1,session.id=visit';
      const id = await placed(service, { traceparent: TRACEPARENT, baggage });
      await until(() => probes() > 2); // so one attempt failed, and later sweeps found shipping unavailable
      expect(named(service, 'recover orders')).toHaveLength(1);
      expect(named(service, 'GET /health')).toEqual([]);
      const [failed, ...more] = named(service, 'recover order');
      expect(more).toEqual([]);
      expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
      expect(failed?.attributes).toMatchObject({ 'error.type': 'unfinished' });

      shop.shipping.instead = undefined;
      shop.shipping.received.length = 0;
      await until(instances.allFinished);
      await until(() => named(service, 'recover orders').length === 2);
      const [, root] = named(service, 'recover orders');
      const [, order] = named(service, 'recover order');
      expect(root?.parentSpanContext).toBeUndefined();
      expect([root?.status.code, order?.status.code]).toEqual([0, 0]);
      expect(order?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId);
      expect(order?.attributes['sockshop.order.id']).toBe(id);
      const { traceId, spanId } = creation(service);
      for (const { links } of [failed!, order!]) {
        expect(links.map((link) => link.context)).toMatchObject([{ traceId, spanId }]);
      }
      const sent = shop.shipping.received.find(({ method }) => method === 'POST');
      expect(sent?.headers['traceparent']).toContain(root!.spanContext().traceId);
      expect(sent?.headers['baggage']).toBe('user-name=5f2c0e9a77d1');
    });

    it('is tried again in the trace of its first attempt, less and less often, when nothing is unavailable', async () => {
      const service = await instances.start(GREEDY);
      await placed(service);
      shop.shipping.instead = ({ method }) => (method === 'POST' ? { status: 500 } : undefined);
      await until(() => named(service, 'recover order').length === 3);
      expect(named(service, 'recover orders')).toHaveLength(1);
      const [first, ...repeats] = named(service, 'recover order');
      for (const { parentSpanContext } of repeats)
        expect(parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
      expect(probes()).toBeGreaterThan(2); // turns without an attempt
      shop.shipping.instead = undefined;
      await until(instances.allFinished);
      await until(() => named(service, 'recover order').length === 4);
      expect(named(service, 'recover orders')).toHaveLength(1);
      const warnings = service.lines.filter((line) => line.includes('"level":"warn"'));
      expect(warnings.filter((line) => line.includes('order not recovered yet'))).toHaveLength(1);
    });

    it('continues the trace of its creation with RECOVERY_TRACE=continue, with its debug flag', async () => {
      const service = await instances.start({ ...GREEDY, RECOVERY_TRACE: 'continue' });
      await placed(service, { b3: `${TRACE}-b7ad6b7169203331-d`, tracestate: 'a=1' });
      await until(() => named(service, 'recover order').length === 1);
      shop.shipping.instead = undefined;
      shop.shipping.received.length = 0;
      await until(instances.allFinished);
      await until(() => named(service, 'recover order').length === 2);
      expect(named(service, 'recover orders')).toEqual([]);
      for (const { parentSpanContext, links } of named(service, 'recover order')) {
        expect(parentSpanContext?.spanId).toBe(creation(service).spanId);
        expect(links).toEqual([]);
      }
      const sent = shop.shipping.received.find(({ method }) => method === 'POST');
      expect(sent?.headers).toMatchObject({ 'x-b3-traceid': TRACE, 'x-b3-flags': '1' });
    });

    it('shows the trace of its creation in no response', async () => {
      const service = await instances.start();
      const { request } = shop.customer(SOCK);
      const headers = { traceparent: TRACEPARENT };
      const response = await service.send('POST', '/orders', request, headers);
      const order = await response.text();
      const { id } = JSON.parse(order) as { id: string };
      const stored = await instances.store.byId(id);
      const { traceId, spanId } = creation(service);
      expect(stored?.createdIn).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
      const paths = [`/orders/${id}`, '/orders?sort=date,desc'];
      const read = paths.map(async (path) => (await service.send('GET', path)).text());
      for (const text of [order, ...(await Promise.all(read))]) {
        expect(text).toContain(id.slice(-8));
        expect(text).not.toMatch(/createdIn|0af7651916cd/);
      }
    });

    it('leaves no trace of its own when it was not sampled and continues', async () => {
      const service = await instances.start({ ...GREEDY, RECOVERY_TRACE: 'continue' });
      await placed(service, { traceparent: TRACEPARENT.replace(/01$/, '00') });
      shop.shipping.instead = undefined;
      await until(instances.allFinished);
      expect(service.spans.getFinishedSpans()).toEqual([]);
    });
  });
});
