import { beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import {
  DOCS_PAGE,
  frontEndSuite,
  OBSERVATORY_PAGE,
  PAGE,
  problem,
  refused,
  RunningFrontEnd,
  SCRIPT,
} from './running-front-end.ts';

const POLICY =
  "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

describe('pages', () => {
  const { shop, frontEnd } = frontEndSuite();
  beforeEach(() => {
    frontEnd.spans.reset();
  });

  const get = (path: string, headers?: Record<string, string>) =>
    frontEnd.browser().get(path, headers);

  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await frontEnd.documented.faults()).toEqual([]);
    expect(frontEnd.documented.routes()).toEqual([...frontEnd.routes].sort());
  });

  it.each([
    '/',
    '/index.html',
    '/category.html?tags=blue',
    '/detail.html?id=holy',
    '/basket.html',
    '/register.html',
    '/customer-account.html',
    '/customer-order.html?order=/orders/o1',
    '/customer-orders.html',
    '/customer-wishlist.html',
    '/checkout1.html',
    '/checkout2.html',
    '/checkout3.html',
    '/checkout4.html',
  ])('GET %s answers 200 with the storefront', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(PAGE);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-cache',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      etag: expect.any(String),
    });
    expect(frontEnd.spans.getFinishedSpans().map((span) => span.name)).toEqual([
      `GET ${path.split('?')[0]!}`,
    ]);
  });

  const SECURE = {
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  };
  it.each([
    [400, '/catalogue/%zz'],
    [404, `/catalogue/${'x'.repeat(101)}`],
    [404, '/nosuch'],
    [405, '/catalogue?wrong=method'],
  ])('a refusal with %d carries the security headers', async (status, path) => {
    const method = status === 405 ? 'DELETE' : 'GET';
    const response = await fetch(`${frontEnd.url}${path}`, { method });
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(SECURE);
  });

  it.each(['/', '/nosuch', '/catalogue/%zz'])(
    'GET %s by TLS answers with HSTS, and without TLS with none',
    async (path) => {
      const hsts = async (headers?: Record<string, string>) =>
        (await fetch(`${frontEnd.url}${path}`, { headers: headers ?? {} })).headers.get(
          'strict-transport-security',
        );
      expect(await hsts({ 'x-forwarded-proto': 'https' })).toBe('max-age=31536000');
      expect(await hsts({ 'x-forwarded-proto': 'http' })).toBeNull();
      expect(await hsts()).toBeNull();
    },
  );

  it('GET /docs answers 200 with the documentation, without trace and session', async () => {
    const response = await get('/docs');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(DOCS_PAGE);
    expect(response.headers.get('content-security-policy')).toBe(POLICY);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  });

  it('GET /openapi.json answers 200 to anybody, without trace and session', async () => {
    const response = await get('/openapi.json');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  });

  it('GET / answers 304 to a browser that has the page', async () => {
    const etag = (await get('/')).headers.get('etag')!;
    const answer = await rawGet(frontEnd.url, '/', `If-None-Match: ${etag}`); // fetch would add no-cache
    expect(answer).toMatch(/^HTTP\/1\.1 304 /);
  });

  it('HEAD / answers 200', async () => {
    expect((await frontEnd.browser().request('HEAD', '/')).status).toBe(200);
  });

  it.each([
    ['/topbar.html', 'text/html; charset=utf-8', '<div id="top">'],
    ['/navbar.html', 'text/html; charset=utf-8', 'id="numItemsInCart"'],
    ['/footer.html', 'text/html; charset=utf-8', '<footer id="footer">'],
    ['/css/style.blue.css', 'text/css; charset=utf-8', 'body {'],
    ['/img/logo.png', 'image/png', 'PNG'],
    ['/favicon.ico', 'image/x-icon', 'PNG'],
  ])(
    'GET %s, which scripts for the original ask for, answers 200 without a session or a trace',
    async (path, type, part) => {
      const source = join(import.meta.dirname, '../storefront/public', path);
      mkdirSync(dirname(join(frontEnd.folder, path)), { recursive: true });
      copyFileSync(source, join(frontEnd.folder, path));
      const response = await get(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
      expect(await response.text()).toContain(part);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
    },
  );

  it('GET /assets/:file answers 200, for ever, untraced', async () => {
    const response = await get('/assets/index-1a2b3c.js');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(SCRIPT);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(frontEnd.spans.getFinishedSpans()).toEqual([]);
  });

  it('GET /assets/:file answers 200 as the build compressed it, to a browser that takes that', async () => {
    const response = await get('/assets/index-1a2b3c.js', { 'accept-encoding': 'gzip, br' });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect(await response.text()).toBe(SCRIPT);
    const plain = await get('/assets/index-1a2b3c.js', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    const [etag, other] = [response, plain].map(({ headers }) => headers.get('etag')!);
    expect(etag).toMatch(/^"[\w-]+"$/); // strong, so each form has its own
    expect(other).not.toBe(etag);
    const known = `Accept-Encoding: br\r\nIf-None-Match: ${etag}`;
    const again = await rawGet(frontEnd.url, '/assets/index-1a2b3c.js', known);
    expect(again).toMatch(/^HTTP\/1\.1 304 /);
    expect(again).not.toContain('content-encoding');
  });

  it.each(['/nosuch', '/sidebar.html', '/assets/nosuch.js', '/orders/o1/more', '/cart/x/y'])(
    'GET %s answers 404',
    async (path) => {
      expect(await problem(await get(path))).toEqual(
        refused(404, 'no such path; /openapi.json lists all paths'),
      );
    },
  );

  it('GET of an unknown path answers 404 with the storefront to a browser', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const response = await get('/nosuch', { accept });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(POLICY);
    expect(await response.text()).toBe(PAGE);
    const known = await get('/cart/holy', { accept });
    expect(await problem(known)).toEqual(refused(405, 'GET is not possible here; use DELETE'));
  });

  it.each(['/assets/..%2findex.html', '/assets/%2e%2e/session.key'])(
    'GET %s does not leave the folder of the assets',
    async (path) => {
      const response = await get(path);
      expect([400, 403, 404]).toContain(response.status);
      expect(await response.text()).not.toContain(PAGE);
    },
  );

  it.each([
    ['/catalogue/', '/catalogue'],
    ['/category.html/', '/category.html'],
    ['/category.html?tags=blue/', '/category.html?tags=blue'],
    ['/catalogue//', '/catalogue/'],
  ])('GET %s answers 301 to %s', async (path, location) => {
    const response = await get(path);
    expect(response.status).toBe(301);
    expect(response.headers.get('location')).toBe(location);
  });

  it.each(['//category.html/', '//evil.example/', '/\\evil.example/', '/a//b/'])(
    'GET %s answers 400 and does not redirect',
    async (path) => {
      const response = await rawGet(frontEnd.url, path); // fetch would mend the path
      expect(response).toMatch(/^HTTP\/1\.1 400 /);
      expect(response).not.toMatch(/^location:/im);
    },
  );

  it.each([
    ['PUT', '/cart', 'DELETE, GET, HEAD, POST'],
    ['PUT', '/cart/update', 'DELETE, POST'],
    ['GET', '/cart/holy', 'DELETE'],
    ['POST', '/catalogue', 'GET, HEAD'],
    ['POST', '/catalogue/size', 'GET, HEAD'],
    ['DELETE', '/catalogue/holy', 'GET, HEAD'],
    ['POST', '/catalogue/images/holy_1.jpeg', 'GET, HEAD'],
    ['POST', '/tags', 'GET, HEAD'],
    ['POST', '/login', 'GET, HEAD'],
    ['GET', '/register', 'POST'],
    ['GET', '/logout', 'POST'],
    ['DELETE', '/customers', 'GET, HEAD, POST'],
    ['PUT', '/customers/eve1', 'DELETE, GET, HEAD'],
    ['POST', '/address', 'GET, HEAD'],
    ['PUT', '/addresses', 'GET, HEAD, POST'],
    ['GET', '/addresses/a1', 'DELETE'],
    ['POST', '/card', 'GET, HEAD'],
    ['PUT', '/cards', 'GET, HEAD, POST'],
    ['PUT', '/cards/c1', 'DELETE, GET, HEAD'],
    ['DELETE', '/orders', 'GET, HEAD, POST'],
    ['DELETE', '/orders/o1', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
    ['POST', '/metrics', 'GET, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
  ])('%s %s answers 405 and names what is possible: %s', async (method, path, allow) => {
    const response = await frontEnd.browser().request(method, path);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await problem(response)).toEqual(
      refused(405, `${method} is not possible here; use ${allow}`),
    );
  });

  it.each(['/cart', '/cart/update', '/register', '/customers', '/addresses', '/cards', '/orders'])(
    'POST %s answers 415 to a form',
    async (path) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await frontEnd.browser().post(path, 'id=holy', headers);
      expect(await problem(response)).toEqual(refused(415, expect.any(String)));
    },
  );

  it('POST /cart answers 413 to a body over 100 KiB', async () => {
    const response = await frontEnd.browser().post('/cart', { id: 'x'.repeat(102_400) });
    expect(await problem(response)).toEqual(refused(413, expect.any(String)));
  });

  it('answers of the API are not kept by anybody', async () => {
    expect((await get('/catalogue')).headers.get('cache-control')).toBe('no-store');
  });

  it('GET /health, /livez and /readyz answer 200, whatever the upstreams do', async () => {
    expect(await (await get('/health')).json()).toEqual({
      health: [{ service: 'front-end', status: 'OK', date: expect.any(String) }],
    });
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
  });

  it('GET /metrics answers 200 with a line for each route', async () => {
    await get('/catalogue/holy');
    expect(await (await get('/metrics')).text()).toMatch(
      /^request_duration_seconds_count\{service="front-end",method="GET",status_code="200",route="\/catalogue\/\{id\}"\} \d+$/m,
    );
  });

  it('and their assets stay while a build empties their folder and fills it again', async () => {
    const kept = await RunningFrontEnd.start(shop.env);
    const answers = async () => {
      const paths = ['/', '/docs', '/observatory', '/assets/index-1a2b3c.js'];
      const responses = await Promise.all(paths.map((path) => fetch(kept.url + path)));
      return Promise.all(responses.map(async (each) => [each.status, await each.text()]));
    };
    const pages = [PAGE, DOCS_PAGE, OBSERVATORY_PAGE, SCRIPT].map((text) => [200, text]);
    expect(await answers()).toEqual(pages);
    rmSync(kept.folder, { recursive: true });
    expect(await answers()).toEqual(pages);
    mkdirSync(join(kept.folder, 'assets'), { recursive: true });
    writeFileSync(join(kept.folder, 'index.html'), '');
    writeFileSync(join(kept.folder, 'assets', 'late-4d5e6f.js'), SCRIPT);
    expect(await answers()).toEqual(pages);
    expect(await (await fetch(`${kept.url}/assets/late-4d5e6f.js`)).text()).toBe(SCRIPT);
    await kept.close();
  });

  it('answer 404 and say so in the log where no storefront was built', async () => {
    const bare = await RunningFrontEnd.start({ ...shop.env, STATIC_DIR: '/nonexistent' });
    expect((await fetch(`${bare.url}/`)).status).toBe(404);
    expect((await fetch(`${bare.url}/catalogue`)).status).toBe(200);
    expect(bare.lines.join('')).toContain('no storefront there');
    await bare.close();
  });
});

async function rawGet(url: string, path: string, header = 'Accept: */*'): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\nConnection: close\r\n\r\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
