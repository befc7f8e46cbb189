import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Driver } from '../src/driver.ts';
import { measure } from '../src/measured.ts';
import { ReferenceServer } from '../src/reference-server.ts';

let driver: Driver;
beforeAll(() => {
  driver = new Driver();
});
afterAll(() => driver.stop());

const OK = { status: 200 };

describe('a load', () => {
  let server: Server;
  let url: string;
  let requests: { line: string; cookie: string | undefined; authorization: string | undefined }[];
  beforeAll(async () => {
    requests = [];
    server = createServer((request: IncomingMessage, response) => {
      const { method, url: path, headers } = request;
      const { cookie, authorization } = headers;
      requests.push({ line: `${method} ${path}`, cookie, authorization });
      if (path === '/login') response.setHeader('set-cookie', 'visit=1; Path=/');
      response.statusCode = path === '/broken' ? 503 : 200;
      response.end('["one","two"]');
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sets each connection of a session up once, and sends its cookies from then on', async () => {
    requests = [];
    const load = {
      url,
      seconds: 0,
      session: 'shoppers',
      setUp: [
        {
          method: 'GET' as const,
          path: '/login',
          credentials: { username: 'a{connection}', password: 'b' },
          expect: OK,
        },
      ],
      variants: [[{ method: 'GET' as const, path: '/cart', expect: OK }]],
    };
    await driver.run({ ...load, connections: 2 });
    await driver.run({ ...load, connections: 3 });
    const logins = requests.filter(({ line }) => line === 'GET /login');
    const names = logins.map(({ authorization = '' }) =>
      atob(authorization.slice('Basic '.length)),
    );
    expect(names.toSorted()).toEqual(['a0:b', 'a1:b', 'a2:b']);
    const carts = requests.filter(({ line }) => line === 'GET /cart');
    expect(carts.map(({ cookie }) => cookie)).toEqual(Array(5).fill('visit=1'));
  });

  it.each([
    ['a status', { status: 201 }, 'GET /list: status 200'],
    ['a body', { ...OK, sha256: 'f00' }, 'GET /list: another body'],
    ['a text', { ...OK, contains: ['one', 'three'] }, 'GET /list: no three in the body'],
    ['a list', { ...OK, elements: 3 }, 'GET /list: no list of 3 elements'],
  ])('counts each wrong response: %s', async (_what, expectation, failure) => {
    const variants = [[{ method: 'GET' as const, path: '/list', expect: expectation }]];
    const result = await driver.run({ url, connections: 2, seconds: 60, most: 10, variants });
    expect(result.iterations).toBeGreaterThanOrEqual(10);
    expect(result.failures).toEqual({ [failure]: result.iterations });
  });

  it('takes right responses for right', async () => {
    const sha256 = createHash('sha256').update('["one","two"]').digest('hex');
    const expectation = { ...OK, sha256, contains: ['one'], elements: 2 };
    const steps = [{ method: 'GET' as const, path: '/list?n={nth}', expect: expectation }];
    requests = [];
    const load = { url, connections: 1, seconds: 60, most: 3, variants: [steps] };
    const { failures, latency } = await driver.run(load);
    expect(failures).toEqual({});
    expect(new Set(requests.map(({ line }) => line)).size).toBe(3);
    expect(latency.max).toBeGreaterThanOrEqual(latency.p50);
  });

  it('counts a server that is not there', async () => {
    const variants = [[{ method: 'GET' as const, path: '/', expect: OK }]];
    const load = { url: 'http://127.0.0.1:1', connections: 1, seconds: 0, variants };
    expect((await driver.run(load)).failures).toEqual({ 'GET /: ECONNREFUSED': 1 });
  });
});

describe('the reference', () => {
  it('costs a part of a millisecond for each request', async () => {
    const reference = await ReferenceServer.start();
    try {
      const variants = [[{ method: 'GET' as const, path: '/', expect: OK }]];
      const load = { url: reference.url, connections: 10, seconds: 60, most: 5000, variants };
      const measured = await measure(reference, driver, load, { warmUpSeconds: 0 });
      expect(measured.failures).toEqual({});
      expect(measured.totalMs).toBe(measured.cpuMs['reference']);
      expect(measured.totalMs).toBeGreaterThan(0.005);
      expect(measured.totalMs).toBeLessThan(5);
    } finally {
      await reference.stop();
    }
  });
});
