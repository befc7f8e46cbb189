import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { PaymentConfig } from '../src/config.ts';
import { payment } from '../src/payment.module.ts';

describe('payment', () => {
  let service: ServiceUnderTest;
  beforeAll(async () => {
    const config = PaymentConfig.read({ ...FREE_PORT, DECLINE_OVER: '105' });
    service = await ServiceUnderTest.start(payment(config));
  });
  afterAll(() => service.close());

  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await service.documented.faults()).toEqual([]);
    expect(service.documented.routes()).toEqual([...service.routes].sort());
  });

  const post = (body: string, headers?: Record<string, string>): Promise<Response> =>
    service.send('POST', '/paymentAuth', body, headers);

  describe('POST /paymentAuth', () => {
    it.each([
      [0.01, true],
      [104.98, true],
      [105, true],
      [105.00000000000001, true],
      [105.0001, true],
      [105.01, false],
      [105.001, false],
      [1000, false],
    ])('answers for %d US dollars with authorised %s', async (amount, authorised) => {
      const response = await post(JSON.stringify({ amount }));
      expect(response.status).toBe(200);
      const message = authorised ? 'Payment authorised' : 'Payment declined: amount exceeds 105.00';
      expect(await response.json()).toEqual({ authorised, message });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    });

    it('ignores the other fields that orders sends, and logs no card number', async () => {
      service.lines.length = 0;
      const card = { longNum: '5544154011345918', expires: '08/19', ccv: '958' };
      const response = await post(
        JSON.stringify({ amount: 22.99, card, customer: { username: 'user' } }),
      );
      expect(response.status).toBe(200);
      expect(service.logged().map(({ message }) => message)).toEqual(['payment authorised']);
      expect(service.lines.join('')).not.toContain('5544154011345918');
    });

    it.each([
      ['6b08f67738e3fbbce72a7162', '6b08f67738e3fbbce72a7162'],
      ['any other text\u00e9', undefined],
      [undefined, undefined],
    ])('logs the order that is paid (%s) if orders names it', async (key, orderId) => {
      service.lines.length = 0;
      await post('{"amount":1}', key === undefined ? {} : { 'idempotency-key': key });
      expect(service.logged().map((line) => line['orderId'])).toEqual([orderId]);
    });

    it.each([
      ['a missing amount', '{}', 'amount: Invalid input: expected number, received undefined'],
      ['amount 0', '{"amount":0}', 'amount: must be above 0 (US dollars)'],
      ['a negative amount', '{"amount":-1}', 'amount: must be above 0 (US dollars)'],
      ['text for an amount', '{"amount":"ten"}', expect.stringContaining('expected number')],
      ['broken JSON', '{"amount":', expect.any(String)],
      ['an empty body', '', expect.any(String)],
    ])('answers 400 to %s', async (_case, body, message) => {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const problem = (await response.json()) as Record<string, unknown>;
      expect(problem).toMatchObject({
        title: 'Bad Request',
        status: 400,
        status_code: 400,
        message,
        instance: '/paymentAuth',
      });
      expect(problem['trace_id']).toBe(response.headers.get('x-trace-id'));
    });

    it('answers 415 to a form', async () => {
      const response = await post('amount=1', {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect(response.status).toBe(415);
    });

    it("makes one SERVER span in the caller's trace", async () => {
      service.spans.reset();
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      await post('{"amount":1}', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
      const [span, ...more] = service.spans.getFinishedSpans();
      expect(more).toEqual([]);
      expect(span?.name).toBe('POST /paymentAuth');
      expect(span?.spanContext().traceId).toBe(traceId);
      expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
      expect(span?.attributes).toMatchObject({
        'http.request.method': 'POST',
        'http.route': '/paymentAuth',
        'http.response.status_code': 200,
        'url.path': '/paymentAuth',
        'url.scheme': 'http',
        'client.address': '127.0.0.1',
      });
    });
  });

  it('answers 404 to other paths and 405 to other methods', async () => {
    expect(await service.status('/nosuch')).toBe(404);
    const wrong = await service.fetch('/paymentAuth');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
  });

  it('reports health in the shape of the original', async () => {
    const response = await service.fetch('/health');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      health: [
        {
          service: 'payment',
          status: 'OK',
          time: expect.stringMatching(/^\d{4}-\d\d-\d\d .* \+0000 UTC$/),
        },
      ],
    });
    expect(await service.status('/livez')).toBe(200);
    expect(await service.status('/readyz')).toBe(200);
  });

  it('counts requests under the names of the original and of OpenTelemetry', async () => {
    await post('{"amount":1}');
    const text = await (await service.fetch('/metrics')).text();
    expect(text).toMatch(
      /^request_duration_seconds_count\{service="payment",method="POST",status_code="200",route="paymentauth"\} \d+$/m,
    );
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{http_request_method="POST",http_route="\/paymentAuth",http_response_status_code="200",url_scheme="http"\} \d+$/m,
    );
  });

  it('uses the limit of the original by default', () => {
    expect(PaymentConfig.read({})).toMatchObject({ port: 80, host: '::', declineOver: 105 });
  });

  it('stops at start and names the variable when the limit is not a number', () => {
    expect(() => PaymentConfig.read({ DECLINE_OVER: 'much' })).toThrow(/DECLINE_OVER/);
  });

  it('takes the limit from the flag of the original', () => {
    expect(PaymentConfig.read({}, ['-port=8080', '-decline=200'])).toMatchObject({
      port: 8080,
      declineOver: 200,
    });
  });
});
