import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { problem, refused, RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';
import { TraceStandIn } from './trace-stand-in.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

let shop: ShopStandIns;
let store: TraceStandIn;
let frontEnd: RunningFrontEnd;
beforeAll(async () => {
  shop = await ShopStandIns.start();
  store = await TraceStandIn.start();
  frontEnd = await RunningFrontEnd.start({ ...shop.env, ...store.env });
});
beforeEach(() => {
  frontEnd.spans.reset();
  frontEnd.clockMs = Date.now();
});
afterAll(async () => {
  await frontEnd.close();
  await shop.close();
  await store.server.close();
});

const nanos = (ms: number): string => `${Math.round(ms * 1000)}000`;
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

const call = (part: object = {}) => ({
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  parentSpanId: 'b7ad6b7169203330',
  name: 'GET /cart',
  kind: 3,
  startTimeUnixNano: nanos(frontEnd.clockMs - 12.5),
  endTimeUnixNano: nanos(frontEnd.clockMs - 0.25),
  attributes: [
    text('http.request.method', 'GET'),
    text('url.full', 'http://shop/cart'),
    { key: 'http.response.status_code', value: { intValue: 503 } },
    text('error.type', '503'),
    text('cookie', 'canary'),
  ],
  status: { code: 2, message: 'Eve said: no' },
  ...part,
});
const load = (part: object = {}) => ({
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203330',
  name: 'documentLoad',
  startTimeUnixNano: nanos(frontEnd.clockMs - 500),
  endTimeUnixNano: nanos(frontEnd.clockMs),
  attributes: [text('sockshop.browser.path', '/basket.html')],
  events: [
    { name: 'loadEventEnd', timeUnixNano: nanos(frontEnd.clockMs - 1) },
    {
      name: 'browser.web_vital',
      timeUnixNano: nanos(frontEnd.clockMs),
      attributes: [
        text('browser.web_vital.name', 'lcp'),
        { key: 'browser.web_vital.value', value: { doubleValue: 812.5 } },
        text('element', 'canary'),
      ],
    },
  ],
  links: [{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16) }],
  ...part,
});
const request = (spans: unknown, resource: object[] = []) => ({
  resourceSpans: [{ resource: { attributes: resource }, scopeSpans: [{ scope: {}, spans }] }],
});
const send = (body: unknown) => frontEnd.browser().post('/v1/traces', body);

describe('POST /v1/traces', () => {
  it('answers 200 and sends them on as the storefront’s, with the visit and the allowed attributes', async () => {
    const browser = frontEnd.browser();
    await browser.get('/');
    const visitor = frontEnd.spans.getFinishedSpans()[0]?.attributes['session.id'];
    frontEnd.spans.reset();
    const resource = [
      text('service.name', 'payment'),
      text('browser.platform', 'Linux'),
      { key: 'browser.mobile', value: { boolValue: false } },
      {
        key: 'browser.brands',
        value: { arrayValue: { values: [{ stringValue: 'Chromium 140' }] } },
      },
      text('secret', 'canary'),
    ];
    const body = request([call(), load()], resource);
    const response = await browser.post('/v1/traces', body, { 'user-agent': 'a browser' });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    const [sent, page, ...more] = frontEnd.spans.getFinishedSpans();
    expect(more).toEqual([]);
    expect(sent?.resource.attributes).toMatchObject({
      'service.name': 'storefront',
      'service.version': '1.0.0',
      'browser.platform': 'Linux',
      'browser.mobile': false,
      'browser.brands': ['Chromium 140'],
      'user_agent.original': 'a browser',
    });
    expect(sent).toMatchObject({
      name: 'GET /cart',
      kind: SpanKind.CLIENT,
      status: { code: 2 },
      parentSpanContext: { spanId: 'b7ad6b7169203330' },
      duration: [0, 12_250_000],
    });
    expect(sent?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 503,
      'url.full': 'http://shop/cart',
      'session.id': visitor,
      'service.peer.name': 'front-end',
      'error.type': '503',
    });
    expect(page).toMatchObject({
      name: 'documentLoad',
      kind: SpanKind.INTERNAL,
      status: { code: 0 },
      links: [{ context: { traceId: 'f'.repeat(32), spanId: 'e'.repeat(16) } }],
      events: [
        { name: 'loadEventEnd', attributes: {} },
        {
          name: 'browser.web_vital',
          attributes: { 'browser.web_vital.name': 'lcp', 'browser.web_vital.value': 812.5 },
        },
      ],
    });
    expect(page?.parentSpanContext).toBeUndefined();
    expect(page?.attributes).toEqual({
      'sockshop.browser.path': '/basket.html',
      'session.id': visitor,
    });
    const all = [sent, page].map((span) => [span?.attributes, span?.events, span?.resource]);
    expect(JSON.stringify(all)).not.toMatch(/canary|Eve said/);
  });

  it.each<[string, () => unknown]>([
    ['no request', () => [call()]],
    ['the kind SERVER', () => request([call({ kind: 2 })])],
    ['51 spans', () => request(Array.from({ length: 51 }, () => call()))],
    ['a trace id in upper case', () => request([call({ traceId: 'A'.repeat(32) })])],
    ['a trace id of zeros', () => request([call({ traceId: '0'.repeat(32) })])],
    ['a short id', () => request([call({ spanId: 'abc' })])],
    ['a malformed parent', () => request([call({ parentSpanId: '' })])],
    ['a name with a line break', () => request([call({ name: 'GET\n/cart' })])],
    ['a name of 101 characters', () => request([call({ name: 'x'.repeat(101) })])],
    [
      'an end before its start',
      () => request([call({ endTimeUnixNano: nanos(frontEnd.clockMs - 20) })]),
    ],
    ['a time that is a number', () => request([call({ startTimeUnixNano: 5 })])],
    [
      'a text of 201 characters',
      () => request([call({ attributes: [text('a', 'x'.repeat(201))] })]),
    ],
    [
      '33 events',
      () => request([load({ events: Array.from({ length: 33 }, () => load().events[0]) })]),
    ],
    [
      'eleven minutes ago',
      () => request([call({ startTimeUnixNano: nanos(frontEnd.clockMs - 660_000) })]),
    ],
    [
      'an event eleven minutes from now',
      () =>
        request([
          load({ events: [{ name: 'x', timeUnixNano: nanos(frontEnd.clockMs + 660_000) }] }),
        ]),
    ],
  ])('answers 400 for %s', async (_what, body) => {
    expect((await send(body())).status).toBe(400);
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    [
      '33 attributes',
      () => request([call({ attributes: Array.from({ length: 33 }, () => text('a', 'b')) })]),
    ],
    ['1000 spans', () => request(Array.from({ length: 1000 }, () => ({})))],
    [
      '9 x 6 spans',
      () => ({
        resourceSpans: [
          {
            scopeSpans: Array.from({ length: 9 }, () => ({
              spans: Array.from({ length: 6 }, () => ({ ...call(), attributes: [] })),
            })),
          },
        ],
      }),
    ],
  ])('answers 400 to %s, and says that it is too much', async (_what, body) => {
    expect(await problem(await send(body()))).toEqual(
      refused(400, expect.stringMatching(/more than (32 attributes|50 spans)$/)),
    );
  });

  it('answers 413 to more than 64 KiB', async () => {
    const attributes = Array.from({ length: 9 }, (_, index) =>
      text(`tag${index}`, 'x'.repeat(190)),
    );
    const response = await send(request(Array.from({ length: 40 }, () => call({ attributes }))));
    expect(await problem(response)).toEqual(refused(413, expect.any(String)));
  });

  it('answers 413 to more than 64 KiB of unknown length', async () => {
    const body = JSON.stringify(request([call()])) + ' '.repeat(65_536);
    const bytes = new TextEncoder().encode(body);
    const response = await fetch(`${frontEnd.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ReadableStream.from([bytes.slice(0, 40_000), bytes.slice(40_000)]),
      duplex: 'half', // sent in chunks
    });
    const detail = 'the body is too large; send at most 64 KiB';
    expect(await problem(response)).toEqual(refused(413, detail));
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  });

  it('drops a request with which there would be more than 500 in a second, says so and counts it', async () => {
    const fifty = request(Array.from({ length: 50 }, () => call({ attributes: [] })));
    frontEnd.clockMs += 5000; // a second in which there was none yet
    await send(request([call()]));
    for (let sent = 0; sent < 450; sent += 50) {
      expect(await (await send(fifty)).json()).toEqual({});
    }
    expect(await (await send(fifty)).json()).toEqual({
      partialSuccess: { rejectedSpans: '50', errorMessage: 'more than 500 spans in a second' },
    });
    expect(frontEnd.spans.getFinishedSpans()).toHaveLength(451);
    const metrics = await (await fetch(`${frontEnd.url}/metrics`)).text();
    expect(metrics).toMatch(
      /exported_total\{otel_component_name="browser",error_type="rate_limited"\} 50$/m,
    );
    frontEnd.clockMs += 1000;
    await send(request([call()]));
    expect(frontEnd.spans.getFinishedSpans()).toHaveLength(452);
  });
});
