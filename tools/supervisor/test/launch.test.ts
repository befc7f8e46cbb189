import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../src/free-port.ts';
import { greet } from '../src/greet.ts';
import { launch } from '../src/launch.ts';

describe('launch', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'launch-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** A server that greets with `hello`, in a process of its own. */
  const greeter = (port: number, extra = '') => ({
    name: 'greeter',
    command: process.execPath,
    args: [
      '-e',
      `${extra}; require('net').createServer((socket) => socket.end('hello')).listen(${port}, '127.0.0.1')`,
    ],
    dir,
    ready: async () => (await greet(port)).toString() === 'hello',
  });

  it('answers once the server does, and stops it', async () => {
    const port = await freePort();
    const { pid, stop } = await launch(greeter(port));
    expect((await greet(port)).toString()).toBe('hello');
    expect(process.kill(pid, 0)).toBe(true);
    await stop();
    await stop();
    await expect(greet(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('kills a server that does not end by itself', async () => {
    const port = await freePort();
    const server = greeter(port, `process.on('SIGTERM', () => {})`);
    const { pid, stop } = await launch({ ...server, graceMs: 100 });
    await stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('ends with a script that was killed what it has started', async () => {
    const port = await freePort();
    const { args, ...server } = greeter(port);
    const script = [`"$0" "$@" & wait`, process.execPath, ...args];
    const { pid, ended } = await launch({ ...server, command: '/bin/sh', args: ['-c', ...script] });
    process.kill(pid, 'SIGKILL');
    expect(await ended).toBe('ended with SIGKILL');
    const code = () => greet(port).catch((error: unknown) => (error as NodeJS.ErrnoException).code); // Node's
    await until(code, (it) => it === 'ECONNREFUSED', 4000);
  });

  it('fails with the end of the log where the server ends at once', async () => {
    const args = ['-e', 'console.log("no socks"); console.error("no shop"); process.exit(3)'];
    const ready = () => Promise.resolve(false);
    const started = launch({ name: 'broken', command: process.execPath, args, dir, ready });
    await expect(started).rejects.toMatchObject({
      name: 'ServerStartError',
      message: `broken ended with code 3; its log ${join(dir, 'broken.log')} ends with: no socks | no shop`,
    });
  });

  it('fails where the program cannot be run', async () => {
    const ready = () => Promise.resolve(false);
    const started = launch({ name: 'absent', command: join(dir, 'absent'), args: [], dir, ready });
    await expect(started).rejects.toThrow(/^absent cannot be run \(.*ENOENT\)/);
  });

  it('fails and stops the server where it never gets ready', async () => {
    const port = await freePort();
    const ready = () => Promise.resolve(false);
    const started = launch({ ...greeter(port), ready, readyWithinMs: 200 });
    await expect(started).rejects.toThrow('greeter was not ready within 0.2 s');
    await expect(greet(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'stops its servers when its own process gets %s',
    async (signal) => {
      const port = await freePort();
      const script = join(dir, 'parent.mjs');
      const { args, command } = greeter(port);
      const source = new URL('../src/launch.ts', import.meta.url).href;
      const server = JSON.stringify({ name: 'greeter', command, args, dir });
      await writeFile(
        script,
        `import { launch } from ${JSON.stringify(source)};
         import { connect } from 'node:net';
         const ready = () => new Promise((resolve, reject) => {
           connect(${port}, '127.0.0.1').once('data', () => resolve(true)).once('error', reject);
         });
         await launch({ ...${server}, ready });
         console.log('ready');
         setInterval(() => {}, 1000);`,
      );
      const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(parent.stdout, 'data');
      const connection = greet(port);
      expect((await connection).toString()).toBe('hello');
      parent.kill(signal);
      await once(parent, 'exit');
      const code = () =>
        greet(port).catch((error: unknown) => (error as NodeJS.ErrnoException).code); // Node's
      await until(code, (it) => it === 'ECONNREFUSED', 4000);
    },
  );
});
