import type { MeshView, ServiceView } from '@sockshop/mesh';
import { findProgram } from '@sockshop/servers';
import { endProcesses, type Part, readState, runs } from '@sockshop/supervisor';
import { Launcher, RunningProcess, until } from '@sockshop/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { versionsPanel } from './versions-panel.ts';

jest.setTimeout(180_000);

const found = await Promise.all(
  [['mariadbd'], ['rabbitmq-server'], ['java'], ['mongod', 'go'], ['haproxy']].map((names) =>
    findProgram(names),
  ),
);
const withServers = found.every(Boolean) ? describe : describe.skip;

const MAIN = join(import.meta.dirname, '../dist/main.js');
const MESH = join(import.meta.dirname, '../../mesh/dist/main.js');

withServers('the mesh of the distributed shop', () => {
  let dir: string;
  let launcher: Launcher;
  const started: Part[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mesh-'));
    writeFileSync(join(dir, 'control.sock'), ''); // as a killed launcher leaves it: in the way
    const words = ['start:distributed', '--port', '0', '--zipkin-port', '0'];
    launcher = new Launcher(MAIN, dir, words, { DOCKER_HOST: 'unix:///not-there/docker.sock' });
    await launcher.ready();
  });
  afterAll(async () => {
    launcher.signal('SIGKILL');
    await endProcesses([...started, ...(readState(dir)?.parts ?? [])]);
    await rm(dir, { recursive: true });
  });

  const mesh = async (...words: string[]): Promise<[number | null, string]> => {
    const run = new RunningProcess([MESH, ...words, '--shop', dir]);
    const code = await run.ended;
    started.push(...(readState(dir)?.parts ?? []));
    return [code, run.output];
  };
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; type: string | undefined; body: unknown }> =>
    new Promise((resolve, reject) => {
      const socketPath = join(dir, 'control.sock');
      const asked = request({ socketPath, method, path, headers });
      asked.once('error', reject);
      asked.once('response', (response) => {
        text(response).then((answer) => {
          resolve({
            status: response.statusCode!,
            type: response.headers['content-type'],
            body: JSON.parse(answer),
          });
        }, reject);
      });
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const view = async (): Promise<MeshView> => (await ask('GET', '/mesh')).body as MeshView;
  const service = async (name: string): Promise<ServiceView> =>
    (await view()).services.find((each) => each.name === name)!;
  const part = (name: string): Part | undefined =>
    readState(dir)?.parts.find((each) => each.name === name);
  const authorise = async (port: number, amount: number): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ amount });
    const answer = await fetch(`http://127.0.0.1:${port}/paymentAuth`, {
      method: 'POST',
      headers,
      body,
    });
    return ((await answer.json()) as { authorised: boolean }).authorised;
  };

  it('begins with one ready instance of v1 of each service, and only the owner may change that', async () => {
    const { services } = await view();
    for (const { name, versions } of services) {
      expect(versions).toMatchObject([
        {
          version: 'v1',
          from: 'this build',
          instances: [{ name, state: 'ready', restarts: 0, pid: part(name)!.process!.pid }],
        },
      ]);
      expect(versions[0]!.share).toBe(name === 'queue-master' ? undefined : 100);
    }
    expect(statSync(join(dir, 'control.sock')).mode & 0o777).toBe(0o600);
  });

  it('scales: instances that are started are noted, restarted when killed, and forgotten when drained', async () => {
    expect(await mesh('scale', 'catalogue', '2')).toEqual([
      0,
      'catalogue-2 is ready\nv1: 2 instances\n',
    ]);
    const second = part('catalogue-2')!;
    expect(second).toMatchObject({ kind: 'service', service: 'catalogue', version: 'v1' });
    process.kill(second.process!.pid, 'SIGKILL');
    await until(async () => {
      const [, it] = (await service('catalogue')).versions[0]!.instances;
      return it?.restarts === 1 && it.state === 'ready' && it.pid !== undefined;
    });
    expect(part('catalogue-2')).toMatchObject({ port: second.port, restarts: 1 });
    started.push(part('catalogue-2')!);
    expect(await mesh('scale', 'catalogue', '1')).toEqual([
      0,
      'catalogue-2 is drained and has ended\nv1: 1 instance\n',
    ]);
    expect(part('catalogue-2')).toBeUndefined();
    expect(started.filter(({ name, process }) => name === 'catalogue-2' && runs(process))).toEqual(
      [],
    );
  });

  it('deploys a version with other variables beside the first, and names them without their values', async () => {
    const [code, output] = await mesh(
      ...['deploy', 'payment', '--version', 'v2', '--set', 'DECLINE_OVER=500'],
    );
    expect([code, output]).toEqual([0, 'payment-v2-1 is ready\nv2: 0 % of the requests\n']);
    const payment = await service('payment');
    expect(payment.versions.map(({ version, share }) => [version, share])).toEqual([
      ['v1', 100],
      ['v2', 0],
    ]);
    expect(payment.versions[1]!.set).toEqual(['DECLINE_OVER']);
    const [first, second] = payment.versions.map(({ instances }) => instances[0]!);
    expect(await authorise(first!.port, 200)).toBe(false);
    expect(await authorise(second!.port, 200)).toBe(true);
    const environment = readFileSync(`/proc/${second!.pid!}/environ`, 'utf8').split('\0');
    expect(environment).toContain(
      'OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=distributed,service.version=v2,service.instance.id=payment-v2-1',
    );
    expect((await mesh('status'))[1]).toMatch(
      /^payment: v2 is this build, with DECLINE_OVER set$/m,
    );
  });

  it('rolls a version back, also while its canary steps and the person who started it has left', async () => {
    const canary = new RunningProcess([MESH, 'canary', 'payment', 'v2', '--auto', '--shop', dir]);
    await until(async () => (await service('payment')).canary?.state === 'measuring');
    canary.signal('SIGINT');
    expect(await canary.ended).toBe(130);
    expect(canary.output).toMatch(/^The shop goes on with canary of payment: /m);
    expect(await mesh('rollback', 'payment')).toEqual([
      0,
      'v1: 100 % of the requests\npayment-v2-1 is drained and has ended\nv2 is removed\n',
    ]);
    expect((await service('payment')).versions).toHaveLength(1);
    expect(part('payment-v2-1')).toBeUndefined();
  });

  it('leaves nothing of a version that does not start, and says why', async () => {
    const [code, output] = await mesh(
      ...['deploy', 'payment', '--version', 'v2', '--set', 'DECLINE_OVER=much'],
    );
    expect(code).toBe(1);
    expect(output).toMatch(
      /^payment-v2-1 ended with code 1, 3 times; its log \S+payment-v2-1\.log ends with: .*DECLINE_OVER/,
    );
    expect((await service('payment')).versions).toHaveLength(1);
    expect(part('payment-v2-1')).toBeUndefined();
  });

  it('upgrades what does not serve requests alone: the old instance ends when the new one is ready', async () => {
    const [code, output] = await mesh('upgrade', 'queue-master', '--version', 'v2');
    expect([code, output.split('\n').slice(0, 3)]).toEqual([
      0,
      ['queue-master-v2-1 is ready', '1 of 1: v2', 'queue-master is drained and has ended'],
    ]);
    const { versions } = await service('queue-master');
    expect(versions.map(({ version }) => version)).toEqual(['v2']);
  });

  it('resizes instance by instance', async () => {
    const [code, output] = await mesh('resize', 'user', '--memory', '160');
    expect([code, output]).toEqual([0, 'user-2 is ready\nuser is drained and has ended\n']);
    const [version] = (await service('user')).versions;
    expect(version!.instances).toMatchObject([{ name: 'user-2', memoryMiB: 160 }]);
    const command = readFileSync(`/proc/${version!.instances[0]!.pid!}/cmdline`, 'utf8');
    expect(command.split('\0')).toContain('--max-old-space-size=80');
  });

  it('takes one command at a time for a service', async () => {
    const [first, second] = await Promise.all([
      mesh('scale', 'carts', '2'),
      until(async () => (await service('carts')).running?.command === 'scale').then(() =>
        ask('POST', '/mesh/scale', { service: 'carts', instances: 3 }),
      ),
    ]);
    expect(first[0]).toBe(0);
    expect(second.status).toBe(409);
    expect(second.type).toBe('application/problem+json');
    expect(second.body).toEqual({
      title: 'Conflict',
      status: 409,
      detail: expect.stringMatching(/^carts is busy with scale/),
    });
    expect((await service('carts')).versions[0]!.instances).toHaveLength(2);
  });

  it.each([
    ['scale', { service: 'socks', instances: 2 }, 400, /^service: /],
    ['scale', { service: 'orders', instances: 0 }, 400, /^instances: /],
    [
      'scale',
      { service: 'orders', instances: 2, version: 'v9' },
      404,
      /^orders has no version v9; it has v1$/,
    ],
    ['scale', { service: 'orders', instances: 2, sizes: 3 }, 400, /sizes/],
    ['resize', { service: 'orders' }, 400, /^give memoryMiB, cpu or both$/],
    ['resize', { service: 'orders', memoryMiB: 10 }, 400, /^memoryMiB: /],
    ['resize', { service: 'orders', cpu: 200 }, 409, /^this machine has \d+ processors, not 200$/],
    ['deploy', { service: 'orders', version: 'v1' }, 409, /^orders has v1 already$/],
    ['deploy', { service: 'orders', version: 'a b' }, 400, /^version: letters/],
    [
      'deploy',
      { service: 'orders', version: 'v2', dir: '/not-there' },
      409,
      /^\/not-there has no program of orders/,
    ],
    [
      'deploy',
      { service: 'orders', version: 'v2', image: 'sock-shop/orders:1.0.0' },
      409,
      /^--image needs a Docker engine, and none answers at DOCKER_HOST or the usual place$/,
    ],
    ['deploy', { service: 'orders', version: 'v2', image: '-v' }, 400, /^image: the name of an/],
    [
      'upgrade',
      { service: 'orders', version: 'v2', image: 'orders', dir: '/orders' },
      400,
      /^give dir or image, not both$/,
    ],
    [
      'canary',
      { service: 'orders', version: 'v2', share: 10 },
      404,
      /^orders has no version v2; it has v1$/,
    ],
    ['canary', { service: 'orders', version: 'v1', share: 101 }, 400, /^share: /],
    [
      'canary',
      { service: 'queue-master', version: 'v2', share: 10 },
      409,
      /gets its work from the queue/,
    ],
    [
      'canary',
      { service: 'orders', version: 'v1', share: 10 },
      409,
      /^orders has only v1: deploy another version first$/,
    ],
    [
      'promote',
      { service: 'orders', version: 'v1' },
      409,
      /^orders has only v1: deploy another version first$/,
    ],
    ['promote', { service: 'orders', version: 'v2' }, 404, /has no version v2/],
    ['rollback', { service: 'orders' }, 409, /^orders has only v1: there is nothing to roll back$/],
    ['ab', { service: 'orders', version: 'v1', cookie: 'variant' }, 400, /^cookie: NAME=VALUE/],
    ['limit', { service: 'orders', perSecond: 0 }, 400, /^perSecond: /],
    ['breaker', { service: 'orders' }, 400, /errors, requests or both/],
    ['socks', { service: 'orders' }, 404, /^there is no POST \/mesh\/socks$/],
  ])('refuses %s of %j and changes nothing', async (command, body, status, detail) => {
    const before = await service('orders');
    const answer = await ask('POST', `/mesh/${command}`, body);
    expect(answer.body).toMatchObject({ status, detail: expect.stringMatching(detail) });
    expect(answer.status).toBe(status);
    expect(await service('orders')).toEqual({ ...before, versions: expect.anything() });
    expect((await service('orders')).versions.map(({ instances }) => instances.length)).toEqual([
      1,
    ]);
  });

  it('answers at once where a client does not want to wait, and shows the command at work', async () => {
    const headers = { prefer: 'respond-async' };
    const answer = await ask('POST', '/mesh/scale', { service: 'carts', instances: 1 }, headers);
    expect(answer).toMatchObject({ status: 202, body: {} });
    await until(async () => {
      const { events } = await view();
      return events.at(-1)?.service === 'carts' && events.at(-1)?.says === 'v1: 1 instance';
    });
  });

  versionsPanel(async () => (await view()).url);

  it('leaves what a killed launcher had started to `npm run stop`', async () => {
    expect((await mesh('scale', 'shipping', '2'))[0]).toBe(0);
    launcher.signal('SIGKILL');
    await launcher.ended;
    const left = readState(dir)!.parts;
    expect(left.map(({ name }) => name)).toContain('shipping-2');
    const stop = new Launcher(MAIN, dir, ['stop']);
    expect(await stop.ended).toBe(0);
    expect(left.filter(({ process }) => runs(process))).toEqual([]);
    expect(await mesh('status')).toEqual([
      1,
      `No distributed shop runs from ${dir}. Start one: npm run start:distributed\n`,
    ]);
  });
});
