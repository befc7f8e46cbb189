import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { RunningFrontEnd } from './running-front-end.ts';
import { ShopStandIns } from './shop-stand-ins.ts';
import { TraceStandIn } from './trace-stand-in.ts';

const MESH = '/observatory/api/mesh';
const STATE = {
  url: 'http://localhost:8080',
  services: [
    {
      name: 'orders',
      versions: [
        {
          version: 'v1',
          share: 90,
          instances: [{ name: 'orders', state: 'ready', pid: 1, port: 2 }],
        },
        { version: 'v2', share: 10, set: ['ORDER_TIMEOUT_MS'], instances: [] },
      ],
      limit: { perSecond: 100 },
    },
  ],
  events: [{ at: '2026-01-01T00:00:00.000Z', service: 'orders', says: 'v2: 10 % of the requests' }],
};

let dir: string;
let shop: ShopStandIns;
let traces: TraceStandIn;
let launcher: Server;
let usual: RunningFrontEnd;
let asked: [method: string, path: string, body: unknown][];
let refusal: object | undefined;
const running: RunningFrontEnd[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mesh-'));
  shop = await ShopStandIns.start();
  traces = await TraceStandIn.start();
  launcher = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push([request.method!, request.url!, body === '' ? undefined : JSON.parse(body)]);
      response.statusCode = refusal ? 409 : request.method === 'GET' ? 200 : 202;
      response.end(JSON.stringify(refusal ?? (request.method === 'GET' ? STATE : {})));
    });
  });
  launcher.listen(join(dir, 'control.sock'));
  await once(launcher, 'listening');
  usual = await RunningFrontEnd.start(environment());
});
beforeEach(() => {
  asked = [];
  refusal = undefined;
});
afterEach(async () => {
  for (const frontEnd of running.splice(0)) await frontEnd.close();
});
afterAll(async () => {
  await usual.close();
  launcher.close();
  await shop.close();
  await traces.server.close();
  await rm(dir, { recursive: true });
});

function environment(): Record<string, string> {
  return { ...shop.env, ...traces.env, MESH_CONTROL: join(dir, 'control.sock') };
}

async function started(env: Record<string, string> = {}): Promise<RunningFrontEnd> {
  const frontEnd = await RunningFrontEnd.start({ ...environment(), ...env });
  running.push(frontEnd);
  return frontEnd;
}

describe('the buttons of the mesh', () => {
  it('show versions, shares and instances, but no process, port or variable', async () => {
    const browser = usual.browser();
    const config = await (await browser.get('/observatory/api/config')).json();
    expect(config).toEqual({ version: '1.0.0', mesh: true });
    expect(await (await browser.get(MESH)).json()).toEqual({
      services: [
        {
          name: 'orders',
          versions: [
            { version: 'v1', share: 90, instances: [{ name: 'orders', state: 'ready' }] },
            { version: 'v2', share: 10, instances: [] },
          ],
          limit: { perSecond: 100 },
        },
      ],
      events: STATE.events,
    });
  });

  it.each([
    ['canary', { service: 'orders', version: 'v2', share: 25 }],
    ['promote', { service: 'orders', version: 'v2' }],
    ['rollback', { service: 'orders' }],
    ['scale', { service: 'orders', instances: 3 }],
    ['resize', { service: 'orders', version: 'v1', memoryMiB: 128 }],
    ['breaker', { service: 'orders', errors: 5, holdSeconds: 10 }],
    ['limit', { service: 'front-end', perSecond: null }],
    ['ab', { service: 'front-end', version: 'v2', cookie: 'variant=b' }],
  ])('%s goes to the launcher', async (command, body) => {
    const response = await usual.browser().post(`${MESH}/${command}`, body);
    expect([response.status, await response.json()]).toEqual([202, { accepted: true }]);
    expect(asked).toEqual([['POST', `/mesh/${command}`, body]]);
  });

  it.each([
    ['deploy', { service: 'orders', version: 'v2', dir: '/tmp/any' }, 400],
    [
      'deploy',
      { service: 'orders', version: 'v2', set: { NODE_OPTIONS: '--require=/tmp/any' } },
      400,
    ],
    ['scale', { service: 'orders', instances: 1000 }, 400],
    ['canary', { service: '../orders', version: 'v2', share: 1 }, 400],
    ['stop', { service: 'orders' }, 404],
    ['toString', {}, 404],
  ])('%s with %j is refused before the launcher', async (command, body, status) => {
    const response = await usual.browser().post(`${MESH}/${command}`, body);
    expect(response.status).toBe(status);
    expect(asked).toEqual([]);
  });

  it("pass on the launcher's refusal, and 503 where it does not answer", async () => {
    const body = { service: 'orders' };
    refusal = { status: 409, detail: 'orders has one version', title: 'Conflict' };
    const refused = await usual.browser().post(`${MESH}/rollback`, body);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({ message: 'orders has one version' }),
    ]);
    const without = await started({ MESH_CONTROL: join(dir, 'missing.sock') });
    expect((await without.browser().post(`${MESH}/rollback`, body)).status).toBe(503);
  });

  it.each([
    ['of a page of another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'of another port of this machine',
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' },
    ],
    ['of another machine', { 'x-forwarded-for': '192.0.2.1' }],
  ])('refuse commands %s', async (_whose, headers: Record<string, string>) => {
    const browser = usual.browser();
    const response = await browser.post(`${MESH}/rollback`, { service: 'orders' }, headers);
    expect(response.status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('are shown to other machines with MESH_BUTTONS=on, and to no one with off or without a launcher', async () => {
    const from = { 'x-forwarded-for': '192.0.2.1' };
    const given = async (env: Record<string, string>): Promise<[number, unknown]> => {
      const browser = (await started(env)).browser();
      const config = (await (await browser.get('/observatory/api/config', from)).json()) as object;
      return [(await browser.get(MESH, from)).status, 'mesh' in config];
    };
    expect(await given({ MESH_BUTTONS: 'on' })).toEqual([200, true]);
    expect(await given({})).toEqual([403, false]);
    expect(await given({ MESH_BUTTONS: 'off' })).toEqual([404, false]);
    expect(await given({ MESH_CONTROL: '' })).toEqual([404, false]);
  });

  it("ask for the Observatory's password where it has one", async () => {
    const browser = (await started({ OBSERVATORY_PASSWORD: 'secret' })).browser();
    expect((await browser.post(`${MESH}/rollback`, { service: 'orders' })).status).toBe(401);
    const authorization = `Basic ${Buffer.from('observatory:secret').toString('base64')}`;
    const response = await browser.post(
      `${MESH}/rollback`,
      { service: 'orders' },
      { authorization },
    );
    expect(response.status).toBe(202);
  });
});
