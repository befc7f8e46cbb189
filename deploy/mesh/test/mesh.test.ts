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

async function started(): Promise<Mesh> {
  const mesh = new Mesh({ url: 'http://localhost:8080', processes, router });
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
