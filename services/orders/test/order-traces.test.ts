import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { until, withoutIds } from '@sockshop/testing';
import { connect } from 'node:net';
import { ADDRESS, NAMES } from './neighbours.ts';
import { COLOURFUL, onEachStore, placedOf } from './orders-suite.ts';
import { placeOrder } from './running-orders.ts';

onEachStore((context) => {
  const { shop, service } = context;

  describe('the trace of POST /orders', () => {
    it('contains every call and every step of the store under one SERVER span', async () => {
      const { request: body } = shop.customer(COLOURFUL);
      service.spans.reset();
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
      const order = await placedOf(await service.send('POST', '/orders', body, headers));
      const finished = () => service.spans.getFinishedSpans();
      await until(() => finished().some((span) => span.kind === SpanKind.SERVER));
      const server = finished().find((span) => span.kind === SpanKind.SERVER)!;
      expect(server.name).toBe('POST /orders');
      expect(server.attributes['sockshop.order.id']).toBe(order.id);
      const children = finished().filter((span) => span !== server);
      for (const span of children) {
        expect(span.spanContext().traceId).toBe(traceId);
        expect(span.parentSpanContext?.spanId).toBe(server.spanContext().spanId);
      }
      const [calls, steps] = [true, false].map((isCall) =>
        children.filter((span) => 'http.request.method' in span.attributes === isCall),
      );
      expect(calls?.every((span) => span.kind === SpanKind.CLIENT)).toBe(true);
      expect(calls?.map((span) => span.name).sort()).toEqual([
        'GET /carts/{id}/items',
        'GET /customers/{id}',
        'POST /carts/{id}/take',
        'POST /paymentAuth',
        'POST /shipping',
      ]);
      // The step to SHIPPING is the insert into the placed orders; it leaves `checkout` later, together with others.
      const onMongo = ['find', 'insert', 'insert', 'findAndModify', 'insert'];
      const onSqlite = ['SELECT', 'INSERT', 'INSERT', 'UPDATE', 'UPDATE'];
      expect(steps?.map((span) => span.attributes['db.operation.name'])).toEqual(
        context.name === 'MongoDB' ? onMongo : onSqlite,
      );
      for (const neighbour of [shop.user, shop.cart, shop.payment, shop.shipping]) {
        for (const call of neighbour.received)
          expect(call.headers['traceparent']).toContain(traceId);
      }
    });

    it('and the log contain no card number and no ccv, whatever fails', async () => {
      const canary = { longNum: '4929000000008831', expires: '08/19', ccv: '7193' };
      const card = JSON.stringify(canary);
      service.spans.reset();
      service.lines.length = 0;
      for (const answer of [card, `${card}!`, card.slice(0, 20), card.replace(':"', ':x')]) {
        shop.user.instead = ({ path }) => ({
          status: 200,
          body: path.startsWith('/cards')
            ? answer
            : { ...NAMES, ...ADDRESS, _links: { self: { href: 'http://user/customers/1' } } },
        });
        await placeOrder(service, shop.customer(COLOURFUL).request);
      }
      shop.user.instead = () => ({ status: 500, body: card });
      await placeOrder(service, shop.customer(COLOURFUL).request);
      await until(
        () =>
          service.spans.getFinishedSpans().filter((span) => span.kind === SpanKind.SERVER)
            .length === 5,
      );
      const spans = service.spans
        .getFinishedSpans()
        .map(({ name: title, attributes, events, status }) =>
          JSON.stringify({ title, attributes, events, status }),
        );
      expect(service.lines.some((line) => line.includes('order placed'))).toBe(true);
      const leaks = [...spans, ...service.lines].filter((text) =>
        /49290|08831|7193/.test(withoutIds(text)),
      );
      expect(leaks).toEqual([]);
    });

    it('is completed when the caller hangs up', async () => {
      service.lines.length = 0;
      const { id, request: body } = shop.customer(COLOURFUL);
      const text = JSON.stringify(body);
      const { hostname, port } = new URL(service.url);
      const socket = connect(Number(port), hostname);
      shop.payment.instead = () => {
        socket.destroy();
        return { status: 200, body: { authorised: true } };
      };
      socket.write(
        `POST /orders HTTP/1.1\r\nhost: orders\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
      );
      await until(async () => (await context.listed(id)).length === 1);
      await until(() => shop.carts.get(id)?.length === 0);
      expect(service.lines.filter((line) => line.includes('"error"'))).toEqual([]);
    });
  });
});
