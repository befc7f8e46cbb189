import { expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { frontEndSuite } from './running-front-end.ts';

const { shop, frontEnd } = frontEndSuite();

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

it('POST /orders is one SERVER span with one CLIENT span for each call, whose ids go upstream', async () => {
  const eve = await frontEnd.loggedIn();
  frontEnd.spans.reset();
  const response = await eve.post('/orders', undefined, { traceparent });
  expect(response.headers.get('x-trace-id')).toBe(traceId);
  const spans = frontEnd.spans.getFinishedSpans();
  const [server, ...others] = spans.filter(({ kind }) => kind === SpanKind.SERVER);
  expect(others).toEqual([]);
  expect(server?.name).toBe('POST /orders');
  expect(server?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  const calls = spans.filter(({ kind }) => kind === SpanKind.CLIENT);
  expect(calls.map(({ name }) => name).sort()).toEqual(['GET /customers/{id}', 'POST /orders']);
  for (const call of calls) {
    expect(call.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    expect(call.spanContext().traceId).toBe(traceId);
  }
  const placed = calls.find(({ name }) => name === 'POST /orders')!;
  const sent = shop.ordersServer.received.at(-1)!.headers;
  expect(sent['traceparent']).toBe(`00-${traceId}-${placed.spanContext().spanId}-01`);
});

it('a refusal leaves the SERVER span unmarked, a failure of an upstream marks it', async () => {
  const eve = await frontEnd.loggedIn();
  frontEnd.spans.reset();
  await eve.get('/orders/nosuch');
  shop.ordersServer.instead = () => ({ status: 500 });
  await eve.get('/orders/o1');
  const servers = frontEnd.spans.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER);
  expect(servers.map(({ status }) => status.code)).toEqual([
    SpanStatusCode.UNSET,
    SpanStatusCode.ERROR,
  ]);
  expect(servers[1]?.attributes).toMatchObject({ 'http.response.status_code': 503 });
});
