import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@sockshop/parts';
import { until } from '@sockshop/testing';
import { Mesh } from '../src/mesh.ts';
import type { Processes } from '../src/processes.ts';
import { REQUESTS } from '../src/requests.ts';
import type { MeshRouter } from '../src/router.ts';

/** Instances that are ready at once. */
const processes: Processes = {
  start: () =>
    Promise.resolve({
      port: 1,
      pid: process.pid,
      restarts: 0,
      ready: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    }),
  limitsProblem: () => undefined,
  requireProgram: () => Promise.resolve(),
};

const done = () => Promise.resolve();
/** It has counted nothing. */
const router: MeshRouter = {
  addInstance: done,
  drainInstance: done,
  removeInstance: done,
  setShares: done,
  setVariant: done,
  setLimit: done,
  setBreaker: done,
  figures: () => Promise.resolve([]),
};

async function started(changed: Partial<MeshRouter> = {}): Promise<Mesh> {
  const url = 'http://localhost:8080';
  const mesh = new Mesh({ url, processes, router: { ...router, ...changed } });
  const silent = () => undefined;
  for (const service of SERVICES) await mesh.begin(service, [undefined], silent);
  return mesh;
}

describe('the mesh', () => {
  it('ends a canary that is stepping when a person rolls back, and both commands say so', async () => {
    const mesh = await started();
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    await mesh.run('deploy', REQUESTS.deploy.parse({ service: 'orders', version: 'v2' }), say);
    const request = REQUESTS.canary.parse({ service: 'orders', version: 'v2', auto: true });
    const canary = mesh.run('canary', request, say).catch((error: unknown) => error);
    await until(async () => (await mesh.serviceView('orders')).canary?.state === 'measuring');
    await mesh.run('rollback', { service: 'orders' }, say);
    expect(said.at(-1)).toBe('v2 is removed');
    expect(await canary).toMatchObject({
      status: 409,
      message: 'v2 is rolled back from 10 %: a person asked for it',
    });
    const { versions } = await mesh.serviceView('orders');
    expect(versions).toMatchObject([{ version: 'v1', share: 100 }]);
  });

  it('lets a canary finish that is rolling back by itself, and the person hears that it did', async () => {
    let release: (() => void) | undefined;
    const drained = new Promise<void>((resolve) => (release = resolve));
    const answers = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
    const idle = {
      state: 'up',
      failures: 0,
      meanMs: 0,
      current: 0,
      queued: 0,
      outages: 0,
    } as const;
    let errors = 0; // more with each look
    const mesh = await started({
      drainInstance: () => drained,
      figures: () => {
        errors += 50;
        const counted = { requests: errors, answers: { ...answers, '5xx': errors } };
        const instances = [{ name: 'orders-v2-1', ...idle, ...counted }];
        return Promise.resolve([
          { service: 'orders', versions: [{ version: 'v2', share: 10, instances }] },
        ]);
      },
    });
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    await mesh.run('deploy', REQUESTS.deploy.parse({ service: 'orders', version: 'v2' }), say);
    const request = REQUESTS.canary.parse({ service: 'orders', version: 'v2', auto: true });
    const canary = mesh.run('canary', request, say).catch((error: unknown) => error);
    await until(async () => (await mesh.serviceView('orders')).canary?.state === 'rolled back');
    const rollback = mesh.run('rollback', { service: 'orders' }, say);
    release?.();
    await rollback;
    expect(said.at(-1)).toBe('v1 has all requests: the canary was rolling back by itself');
    expect(await canary).toMatchObject({ status: 409 });
  });

  it.each([
    ['ab', { service: 'orders', version: 'v2', cookie: 'variant=b)|.*(' }],
    ['ab', { service: 'orders', version: 'v2', header: 'x-variant=b c' }],
    ['deploy', { service: 'orders', version: 'v2', set: { TOKEN: 'a\0b' } }],
    ['deploy', { service: 'orders', version: '../v2' }],
    ['deploy', { service: 'orders', version: 'v'.repeat(32) }],
    ['canary', { service: 'orders', version: 'v2', share: 100.5 }],
  ] as const)('refuses %s of %j before anything is changed', (command, body) => {
    const { success, error } = REQUESTS[command].safeParse(body);
    expect(success).toBe(false);
    expect(String(error)).not.toContain('a\0b'); // it may be a secret
  });
});
