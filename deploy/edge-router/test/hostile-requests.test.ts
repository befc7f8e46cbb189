import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Received, until } from '@sockshop/testing';
import { haproxy } from '@sockshop/testing/real-servers';
import { Routed } from './routed.ts';

haproxy.suite('hostile requests at the public edge', () => {
  let shop: Routed;
  const received: Received[] = [];

  beforeAll(async () => {
    shop = await Routed.start();
    await shop.add('front-end', 'v1', 'front-end', (request) => {
      received.push(request);
      return { status: 200, body: 'front-end' };
    });
    await shop.add('orders', 'v1', 'orders');
  });
  afterAll(() => shop.stop());

  /** Sends the head, and resolves with all that comes until the connection ends. */
  const raw = (head: string, body = ''): Promise<string> =>
    shop.raw(`${head}\r\nconnection: close\r\n\r\n${body}`);

  it.each([
    'GET / HTTP/1.1\r\nhost: orders',
    'GET / HTTP/1.1\r\nhost: orders:80\r\nx-forwarded-host: orders',
    'GET http://orders/ HTTP/1.1\r\nhost: orders',
    'GET / HTTP/1.0',
  ])('reach the front-end, whatever host they name: %j', async (head) => {
    expect(await raw(head)).toMatch(/^HTTP\/1\.1 200 [^]*front-end/);
  });

  it('of HTTP/1.0 get no forwarded host where they name none', async () => {
    await raw('GET /old HTTP/1.0');
    const { headers } = received.find(({ path }) => path === '/old')!;
    expect(headers['x-forwarded-host']).toBeUndefined();
  });

  it.each(['CONNECT orders:80', 'TRACE /', 'PROPFIND /', 'get /'])(
    'by methods that no service has are refused, and do not make an instance look broken: %s',
    async (start) => {
      for (let nth = 0; nth < 6; nth++)
        expect(await raw(`${start} HTTP/1.1\r\nhost: orders:80`)).toMatch(
          /^HTTP\/1\.1 501 [^]*application\/problem\+json[^]*"status":501/,
        );
      const [frontEnd] = await shop.router.figures();
      expect(frontEnd!.versions[0]!.instances).toMatchObject([{ state: 'up', failures: 0 }]);
    },
  );

  it.each([
    ['two lengths', 'content-length: 3\r\ncontent-length: 4'],
    ['a signed length', 'content-length: +3'],
    ['a coding that is none', 'transfer-encoding: xchunked'],
    ['a space before the colon', 'transfer-encoding : chunked'],
    ['two hosts', 'host: a'],
  ])('with %s are refused', async (_what, header) => {
    const before = received.length;
    expect(await raw(`POST / HTTP/1.1\r\nhost: shop\r\n${header}`, 'abcd')).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect(received).toHaveLength(before);
  });

  it('do not put one request into the body of another', async () => {
    const body = '0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: shop\r\n\r\n';
    const head = 'POST / HTTP/1.1\r\nhost: shop\r\ncontent-length: 4\r\ntransfer-encoding: chunked';
    await raw(head, body);
    expect(received.filter(({ path }) => path === '/smuggled')).toEqual([]);
  });

  it('with a long target are refused as what they are', async () => {
    expect(await raw(`GET /${'a'.repeat(16_000)} HTTP/1.1\r\nhost: shop`)).toMatch(
      /^HTTP\/1\.1 431 [^]*"status":431/,
    );
  });

  it('are a line of JSON each, however long, and cannot add another one', async () => {
    const long = `/long/${'"\\'.repeat(700)}`;
    await raw(`GET ${long} HTTP/1.1\r\nhost: shop\r\nx-forwarded-for: 1.2.3.4"}{"level":"error`);
    const line = await until(() =>
      shop.accessLog().find(({ path }) => String(path).startsWith('/long/')),
    );
    expect(line).toMatchObject({ level: 'info', status: 200, client: '127.0.0.1' });
    expect(long.startsWith(String(line!['path']))).toBe(true);
  });
});
