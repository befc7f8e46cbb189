import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ConfigError } from '@sockshop/service';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { FrontEndConfig } from '../src/config.ts';
import { RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';
import { TraceStandIn } from './trace-stand-in.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const NAVIGATION = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };

let shop: ShopStandIns;
let store: TraceStandIn;
beforeAll(async () => {
  shop = await ShopStandIns.start();
  store = await TraceStandIn.start();
});
beforeEach(() => {
  shop.reset();
});
afterAll(async () => {
  await shop.close();
  await store.server.close();
});

/** Runs `work` with a front-end of these variables. */
async function withFrontEnd(
  env: Record<string, string>,
  work: (frontEnd: RunningFrontEnd) => Promise<void>,
): Promise<void> {
  const frontEnd = await RunningFrontEnd.start({ ...shop.env, ...store.env, ...env });
  try {
    await work(frontEnd);
  } finally {
    await frontEnd.close();
  }
}

/** The SERVER span of a request, what went upstream, and the response. */
async function asked(
  frontEnd: RunningFrontEnd,
  headers: Record<string, string>,
  path = '/catalogue',
) {
  frontEnd.spans.reset();
  shop.reset();
  const sending = request(frontEnd.url + path, { headers }).end(); // fetch sets `sec-fetch-mode` itself
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  await text(response);
  const spans = frontEnd.spans.getFinishedSpans();
  const server: ReadableSpan | undefined = spans.find(({ kind }) => kind === SpanKind.SERVER);
  const sent = shop.catalogueServer.received.at(-1)?.headers ?? {};
  return { server, sent, response };
}

describe('a page that a browser loads', () => {
  it('has a parent that the browser records later, by the id in server-timing', async () => {
    await withFrontEnd({}, async (frontEnd) => {
      for (const path of ['/', '/basket.html', '/nosuch']) {
        const { server, response } = await asked(frontEnd, NAVIGATION, path);
        const { traceId, spanId } = server!.spanContext();
        const parent = server?.parentSpanContext;
        expect(parent).toMatchObject({ traceId, spanId: expect.stringMatching(/^[\da-f]{16}$/) });
        expect(response.headers['server-timing']).toBe(
          `traceparent;desc="00-${traceId}-${spanId}-01", document-fetch;desc="${parent?.spanId}"`,
        );
      }
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a program', { accept: 'text/html' }, '/'],
    ["a page's script", { 'sec-fetch-mode': 'cors' }, '/'],
    ['a browser that loads ahead', { ...NAVIGATION, 'sec-purpose': 'prefetch' }, '/'],
    ['a browser that opens the API', NAVIGATION, '/catalogue'],
  ])('has none when it is asked for by %s', async (_who, headers, path) => {
    await withFrontEnd({}, async (frontEnd) => {
      const { server, response } = await asked(frontEnd, headers, path);
      expect(server?.parentSpanContext).toBeUndefined();
      const { traceId, spanId } = server!.spanContext();
      const timing = `traceparent;desc="00-${traceId}-${spanId}-01"`;
      expect(response.headers['server-timing']).toBe(timing);
    });
  });

  it('keeps the parent of a caller that has one: the browser links to it', async () => {
    await withFrontEnd({}, async (frontEnd) => {
      const headers = { ...NAVIGATION, traceparent: `00-${TRACE}-${SPAN}-01` };
      const { server, response } = await asked(frontEnd, headers, '/');
      expect(server?.parentSpanContext?.spanId).toBe(SPAN);
      expect(response.headers['server-timing']).not.toContain('document-fetch');
    });
  });
});

describe('the trace id of a response', () => {
  it.each([
    ['a trace that is not sampled', { OTEL_TRACES_SAMPLER: 'always_off' }, {}],
    ['a trace that its caller does not sample', {}, { traceparent: `00-${TRACE}-${SPAN}-00` }],
  ])('is not that of %s', async (_what, env: Record<string, string>, headers) => {
    await withFrontEnd(env, async (frontEnd) => {
      const { response } = await asked(frontEnd, { ...NAVIGATION, ...headers }, '/');
      expect(Object.keys(response.headers)).not.toContain('x-trace-id');
      expect(Object.keys(response.headers)).not.toContain('server-timing');
    });
  });
});

describe('TRACE_TRUST', () => {
  const foreign = {
    traceparent: `00-${TRACE}-${SPAN}-01`,
    tracestate: 'vendor=1',
    baggage: 'region=eu,secret=x',
  };

  it('joins everything by default', async () => {
    await withFrontEnd({}, async (frontEnd) => {
      const { server, sent } = await asked(frontEnd, foreign);
      expect(server?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: SPAN });
      expect(server?.links).toEqual([]);
      expect(sent['baggage']).toContain('secret=x');
    });
  });

  it('none: a new trace is linked to the caller, and nothing of the caller goes on', async () => {
    await withFrontEnd({ TRACE_TRUST: 'none' }, async (frontEnd) => {
      const { server, sent, response } = await asked(frontEnd, foreign);
      const { traceId } = server!.spanContext();
      expect(server?.parentSpanContext).toBeUndefined();
      expect(traceId).not.toBe(TRACE);
      expect(server?.links).toMatchObject([{ context: { traceId: TRACE, spanId: SPAN } }]);
      expect(response.headers['x-trace-id']).toBe(traceId);
      expect(sent['traceparent']).toContain(traceId);
      expect(JSON.stringify(sent)).not.toMatch(new RegExp(`${TRACE}|vendor|secret|region`));
    });
  });

  it('none: the sampler of the edge decides, whatever the caller says', async () => {
    const b3 = { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN };
    await withFrontEnd({ TRACE_TRUST: 'none' }, async (frontEnd) => {
      for (const headers of [
        { traceparent: `00-${TRACE}-${SPAN}-00` },
        { ...b3, 'x-b3-sampled': '0' },
        { 'x-b3-sampled': '0' },
        { b3: '0' },
      ]) {
        const { server } = await asked(frontEnd, headers);
        expect(server?.spanContext().traceFlags).toBe(1);
      }
    });
    const off = { TRACE_TRUST: 'none', OTEL_TRACES_SAMPLER: 'parentbased_always_off' };
    await withFrontEnd(off, async (frontEnd) => {
      for (const headers of [
        foreign,
        { ...b3, 'x-b3-flags': '1' },
        { 'x-b3-flags': '1' },
        { b3: 'd' },
        { b3: `${TRACE}-${SPAN}-d` },
      ]) {
        const { server, sent } = await asked(frontEnd, headers);
        expect(server).toBeUndefined();
        expect([sent['x-b3-flags'], sent['x-b3-sampled']]).toEqual([undefined, '0']);
      }
    });
  });

  it('parent: the trace is joined, and the sampler of the edge decides', async () => {
    await withFrontEnd({ TRACE_TRUST: 'parent' }, async (frontEnd) => {
      const headers = { ...foreign, traceparent: `00-${TRACE}-${SPAN}-00` };
      const { server, sent } = await asked(frontEnd, headers);
      expect(server?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: SPAN });
      expect(server?.spanContext().traceFlags).toBe(1);
      expect(sent['traceparent']).toMatch(new RegExp(`^00-${TRACE}-.*-01$`));
      expect(sent['baggage']).not.toMatch(/region|secret/);
    });
  });

  it('debug: only the debug flag samples what the edge would not', async () => {
    const env = { TRACE_TRUST: 'parent,debug', OTEL_TRACES_SAMPLER: 'parentbased_always_off' };
    await withFrontEnd(env, async (frontEnd) => {
      expect((await asked(frontEnd, foreign)).server).toBeUndefined();
      const { server, sent } = await asked(frontEnd, { b3: `${TRACE}-${SPAN}-d` });
      expect(server?.spanContext().traceId).toBe(TRACE);
      expect(sent['x-b3-flags']).toBe('1');
    });
  });

  it('baggage:KEY passes these entries on only', async () => {
    await withFrontEnd({ TRACE_TRUST: 'parent,sampled,baggage:region' }, async (frontEnd) => {
      const { sent } = await asked(frontEnd, foreign);
      expect(sent['baggage']).toMatch(/region=eu/);
      expect(sent['baggage']).not.toMatch(/secret/);
    });
  });

  it('stops the start with a word that it does not know', () => {
    expect(() => FrontEndConfig.read({ TRACE_TRUST: 'parent,nothing' })).toThrow(
      new ConfigError(
        'TRACE_TRUST: nothing is not all, none, parent, sampled, debug, baggage or baggage:KEY',
      ),
    );
  });
});

describe('synthetic traffic', () => {
  it.each([
    ['k6/1.2.0 (https://k6.io/)', 'test'],
    ['Locust', 'test'],
    ['sock-shop-loadtest/1.0 (synthetic shoppers)', 'test'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0', 'test'],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot'],
    ['Mozilla/5.0 (compatible; bingbot/2.0)', 'bot'],
    ['Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) Chrome/140.0.0.0 Mobile', undefined],
    ['Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', undefined],
    ['curl/8.9.1', undefined],
  ])('is marked by its user agent: %s', async (userAgent, type) => {
    await withFrontEnd({}, async (frontEnd) => {
      const { server } = await asked(frontEnd, { 'user-agent': userAgent });
      expect(server?.attributes['user_agent.synthetic.type']).toBe(type);
    });
  });

  it('is marked by its baggage, which goes on to the other services', async () => {
    await withFrontEnd({}, async (frontEnd) => {
      const { server, sent } = await asked(frontEnd, { baggage: 'synthetic_request=true' });
      expect(server?.attributes['user_agent.synthetic.type']).toBe('test');
      expect(sent['baggage']).toContain('synthetic_request=true');
      const real = await asked(frontEnd, { baggage: 'synthetic_request=false' });
      expect(real.server?.attributes).not.toHaveProperty('user_agent.synthetic.type');
    });
  });
});

describe('TRACE_ORIGINS', () => {
  const origin = 'https://shop.example';
  const preflight = (frontEnd: RunningFrontEnd, from: string, path: string) =>
    fetch(frontEnd.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'traceparent,baggage,content-type',
      },
    });
  const spans = (frontEnd: RunningFrontEnd, headers: Record<string, string>, path: string) =>
    fetch(frontEnd.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ resourceSpans: [] }),
    });
  const corsHeaders = ({ headers }: Response) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control'));

  it('has no origin by default: no page of another origin gets a header or sends spans', async () => {
    await withFrontEnd({}, async (frontEnd) => {
      for (const path of ['/v1/traces', '/catalogue']) {
        expect(corsHeaders(await preflight(frontEnd, origin, path))).toEqual([]);
      }
      expect((await spans(frontEnd, { origin }, '/v1/traces')).status).toBe(403);
    });
  });

  it('lets the pages of an origin send trace context and spans, and read the trace id', async () => {
    await withFrontEnd({ TRACE_ORIGINS: `http://localhost:3000, ${origin}` }, async (frontEnd) => {
      for (const path of ['/v1/traces', '/catalogue']) {
        const { status, headers } = await preflight(frontEnd, origin, path);
        expect([status, headers.get('access-control-allow-origin')]).toEqual([204, origin]);
        expect(headers.get('access-control-allow-headers')).toMatch(/traceparent.*baggage/);
        expect(headers.has('access-control-allow-credentials')).toBe(false);
      }
      const sent = await spans(frontEnd, { origin, 'sec-fetch-site': 'cross-site' }, '/v1/traces');
      expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      const { response } = await asked(frontEnd, { origin });
      expect(response.headers['access-control-expose-headers']).toMatch(/x-trace-id/);
    });
  });

  it('lets no other origin in, and these pages change nothing of the shop', async () => {
    await withFrontEnd({ TRACE_ORIGINS: origin }, async (frontEnd) => {
      const other = 'https://evil.example';
      const { headers } = await preflight(frontEnd, other, '/v1/traces');
      expect(headers.has('access-control-allow-origin')).toBe(false);
      expect((await spans(frontEnd, { origin: other }, '/v1/traces')).status).toBe(403);
      expect((await spans(frontEnd, { origin }, '/orders')).status).toBe(403);
    });
  });

  it.each(['shop.example', 'https://shop.example/', '*', 'null'])(
    'stops the start with %s, which is no origin',
    (word) => {
      expect(() => FrontEndConfig.read({ TRACE_ORIGINS: word })).toThrow(
        new ConfigError(`TRACE_ORIGINS: ${word} is not an origin such as https://example.com`),
      );
    },
  );
});
