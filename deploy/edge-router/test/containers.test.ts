import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@sockshop/supervisor';
import { until } from '@sockshop/testing';
import { haproxy } from '@sockshop/testing/real-servers';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerFiles } from '../src/containers.ts';
import { send } from './routed.ts';

const FOLDER = join(import.meta.dirname, '../containers');
const MESH = join(import.meta.dirname, '../../compose/mesh.sh');
/** Of the services, as compose.yaml gives them to the router. */
const PORTS = { FRONT_END_PORT: '8079', ORDERS_PORT: '8848', SHIPPING_PORT: '8080' };

describe('the files for containers', () => {
  it('are as `npm run containers` in this folder writes them', () => {
    const found = readdirSync(FOLDER).map((file) => [
      file,
      readFileSync(join(FOLDER, file), 'utf8'),
    ]);
    expect(new Map(found as [string, string][])).toEqual(new Map(containerFiles()));
  });
});

haproxy.suite('the files for containers', () => {
  it('are understood by HAProxy', () => {
    const words = ['-c', '-C', FOLDER, '-f', 'haproxy.cfg'];
    const { status, stdout, stderr } = spawnSync(haproxy.url, words, {
      env: PORTS,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
    expect(stdout).toContain('Configuration file is valid');
  });
});

haproxy.suite('mesh in the container of the router', () => {
  let dir: string;
  let router: ChildProcess;
  let edge: number;
  let admin: number;
  const mesh = (...words: string[]) => {
    const env = { ...process.env, ADMIN_PORT: String(admin) };
    const { status, stdout, stderr } = spawnSync('bash', [MESH, ...words], { env });
    return { status, says: `${stdout.toString()}${stderr.toString()}` };
  };
  const line = (service: string) => new RegExp(`^${service} +(.*)$`, 'm').exec(mesh('status').says);

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'edge-router-'));
    [edge, admin] = [await freePort(), await freePort()];
    const [statistics, calls] = [await freePort(), await freePort()];
    for (const [file, text] of containerFiles())
      writeFileSync(
        join(dir, file),
        text
          .replace('bind :80\n', `bind 127.0.0.1:${edge}\n`)
          .replace('bind :8080\n', `bind 127.0.0.1:${statistics}\n`)
          .replace('bind :8090 ', `bind 127.0.0.1:${calls} `)
          .replace('@127.0.0.1:9999 ', `@127.0.0.1:${admin} `),
      );
    const words = ['-db', '-C', dir, '-f', 'haproxy.cfg'];
    router = spawn(haproxy.url, words, { env: PORTS, stdio: 'ignore' });
    await until(() => mesh('status').status === 0);
  });
  afterAll(async () => {
    const ended = once(router, 'exit');
    router.kill();
    await ended;
    rmSync(dir, { recursive: true });
  });

  it('limits the requests of a client', async () => {
    expect(mesh('limit', 'front-end', '1/s')).toEqual({
      status: 0,
      says: '1 requests a second from one client\n',
    });
    expect(line('front-end')?.[1]).toBe('100 %; 1 requests a second from one client');
    const answers = await Promise.all(Array.from({ length: 4 }, () => send({ port: edge })));
    expect(answers.map(({ status }) => status).sort()).toEqual([429, 429, 429, 503].sort());
    expect(mesh('limit', 'front-end', 'off')).toEqual({ status: 0, says: 'no limit\n' });
    expect(line('front-end')?.[1]).toBe('100 %');
  });

  it('refuses requests for containers that are not there, and changes nothing', () => {
    const refusal = { status: 1, says: 'There is no container orders-v2. Start it first.\n' };
    expect(mesh('canary', 'orders', 'v2', '10')).toEqual(refusal);
    expect(mesh('ab', 'orders', 'v2', '--cookie', 'variant=b')).toEqual(refusal);
    expect(line('orders')?.[1]).toBe('100 %');
    expect(mesh('canary', 'orders', 'v2', '0')).toEqual({
      status: 0,
      says: 'orders-v2: 0 % of the requests\n',
    });
  });

  it.each([
    ['an unknown command', ['canry'], 'there is no command "canry"'],
    ['an unknown service', ['limit', 'order', '1/s'], 'there is no service "order"; there are: '],
    ['a share above 100 %', ['canary', 'orders', 'v2', '101'], 'give a service, v2 and a perc'],
    ['a limit without a unit', ['limit', 'orders', '10'], 'give a service, and a limit such as'],
    ['a cookie without a value', ['ab', 'orders', 'v2', '--cookie', 'b'], 'give a service, v2, --'],
    ['too many words', ['status', 'orders'], 'status takes no words'],
  ])('answers %s with exit code 2 and its usage', (_, words, message) => {
    const { status, says } = mesh(...words);
    expect(says).toMatch(`error: ${message}`);
    expect(says).toMatch('usage: mesh status');
    expect(status).toBe(2);
  });

  it('prints its usage', () => {
    expect(mesh('--help')).toEqual({ status: 0, says: expect.stringMatching(/^usage: mesh/) });
  });
});
