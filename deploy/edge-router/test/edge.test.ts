import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Received, until } from '@sockshop/testing';
import { haproxy } from '@sockshop/testing/real-servers';
import { gunzipSync } from 'node:zlib';
import { type Reply, Routed, send } from './routed.ts';

const TRACE = '6e0c63257de34c926f9efcd03927272e';
const SOCKS = JSON.stringify(Array.from({ length: 100 }, () => ({ name: 'Holy' })));

haproxy.suite('the public edge', () => {
  let shop: Routed;
  let last: Received | undefined;

  beforeAll(async () => {
    shop = await Routed.start();
    await shop.add('front-end', 'v1', 'front-end', (received) => {
      last = received;
      if (received.path === '/broken') return (response) => response.socket?.end('nonsense');
      const headers = { 'content-type': 'application/json', 'x-trace-id': TRACE };
      return { status: 200, headers, body: SOCKS };
    });
  });
  afterAll(() => shop.stop());

  const ask = (path = '/', options: Partial<Parameters<typeof send>[0]> = {}): Promise<Reply> =>
    send({ port: shop.router.ports.edge, path, ...options });

  it('compresses what can be', async () => {
    const plain = await ask();
    expect(plain.headers['content-encoding']).toBeUndefined();
    const { headers, bytes } = await ask('/', { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(bytes.length).toBeLessThan(SOCKS.length / 4);
    expect(gunzipSync(bytes).toString()).toBe(SOCKS);
  });

  it('adds the security headers that a front-end leaves out', async () => {
    expect((await ask()).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
  });

  it('says who asks, and believes only a proxy of this machine', async () => {
    await ask('/', { headers: { host: 'shop.example', 'x-forwarded-for': '192.0.2.7' } });
    expect(last?.headers).toMatchObject({
      host: 'shop.example',
      'x-forwarded-for': '192.0.2.7, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'shop.example',
    });
  });

  it('writes a line of JSON for each request, with the id of its trace and without its query', async () => {
    await ask('/catalogue?name="secret"');
    const line = await until(() => shop.accessLog().find(({ path }) => path === '/catalogue'));
    expect(line).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      service: 'edge-router',
      message: 'request',
      to: 'front-end',
      method: 'GET',
      path: '/catalogue',
      status: 200,
      ms: expect.any(Number),
      bytes: expect.any(Number),
      client: '127.0.0.1',
      instance: 'front-end',
      ended: '--',
      retries: '0',
      trace_id: TRACE,
    });
  });

  it.each<[number, string, () => Promise<Reply>]>([
    // The length decides: the body itself would still be on its way when the answer closes the connection.
    [
      413,
      'a body above 1 MiB',
      () => ask('/', { method: 'POST', headers: { 'content-length': '1048577' } }),
    ],
    [431, 'headers above 16 KiB', () => ask('/', { headers: { 'x-long': 'a'.repeat(16_500) } })],
    [502, 'an answer that is no HTTP', () => ask('/broken', { method: 'POST' })],
    [404, 'an unknown service', () => shop.call('nothing')],
    [503, 'a service without instances', () => shop.call('payment')],
  ])('answers %d, as a problem, to %s', async (status, _what, asked) => {
    const { status: got, headers, text } = await asked();
    expect(got).toBe(status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ type: 'about:blank', status });
    expect(headers['retry-after']).toBe(status >= 500 ? '1' : undefined);
  });

  it('gives up a request that drips, and what is no HTTP', async () => {
    expect(await shop.raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const dripping = shop.raw('POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 10\r\n\r\nabc');
    expect(await dripping).toMatch(/^HTTP\/1\.1 408 [^]*"status":408/);
  });

  it('has figures for Prometheus, a page, and a check', async () => {
    const port = shop.router.ports.statistics;
    const { text } = await send({ port, path: '/metrics' });
    expect(text).toContain(
      'haproxy_server_http_responses_total{proxy="front-end.1",server="front-end",code="2xx"}',
    );
    expect((await send({ port, path: '/' })).text).toContain('Statistics Report');
    expect(await send({ port, path: '/healthz' })).toMatchObject({ status: 200, text: 'ok' });
  });
});
