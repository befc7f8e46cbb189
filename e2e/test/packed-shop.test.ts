import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { WorkspaceProcess } from './workspace-process.ts';

jest.setTimeout(300_000);

const SHOP = 'deploy/shop/dist/main.js';
const MAX_BYTES = 15e6;

describe('the packed shop', () => {
  let folder: string;
  let file: string;
  let npx: ChildProcess | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sock-shop-packed-'));
    for (const name of ['home', 'work']) mkdirSync(join(folder, name));
    const pack = new WorkspaceProcess('tools/release/dist/pack-main.js', [
      '--dir',
      join(folder, 'work'),
    ]);
    expect([await pack.ended, pack.output]).toEqual([0, expect.stringContaining('npx')]);
    [file = ''] = readdirSync(join(folder, 'work'));
  });
  afterAll(() => {
    if (npx?.pid !== undefined && npx.exitCode === null && npx.signalCode === null)
      process.kill(-npx.pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('is one file of less than 15 MB', () => {
    expect(file).toMatch(/^sock-shop-\d+\.\d+\.\d+\.tgz$/);
    expect(statSync(join(folder, 'work', file)).size).toBeLessThan(MAX_BYTES);
  });

  it('starts by npx in an empty folder, with an empty home, and asks no registry', async () => {
    const cwd = join(folder, 'work');
    const words = ['--yes', `./${file}`, '--port', '0', '--trace-port', '0'];
    npx = spawn('npx', words, {
      cwd,
      detached: true, // a group of its own, as a terminal's Ctrl-C reaches
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        HOME: join(folder, 'home'),
        PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
        npm_config_cache: join(folder, 'cache'),
        npm_config_offline: 'true',
      },
    });
    let output = '';
    for (const stream of [npx.stdout, npx.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise((resolve) => npx?.once('close', resolve));
    const ready = () => /^Sock Shop is ready: (.+)$/m.exec(output)?.[1];
    await Promise.race([until(ready, Boolean, 240_000), ended]);
    expect(output).toContain('Sock Shop is ready');
    const socks = await fetch(`${ready()!}/catalogue`);
    expect([socks.status, ((await socks.json()) as object[]).length]).toEqual([200, 10]);
    const page = await fetch(ready()!);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script')]);
    expect(existsSync(join(cwd, '.sockshop/embedded/user.db'))).toBe(true);
    process.kill(-npx.pid!, 'SIGINT');
    await ended;
    expect(output).toContain('Stopping');
  });
});

describe('the program that is the shop or one service', () => {
  it('is the service that its first word names, with the flags after it', async () => {
    const payment = new WorkspaceProcess(SHOP, ['payment', '-port=0']);
    await payment.said(/"message":"listening"/);
    expect(await payment.stop()).toBe(0);
  });

  it.each([
    [
      'a service that there is not',
      ['cart'],
      'no service cart: there are front-end, catalogue, carts',
    ],
    ['an option of the shop', ['--prot', '1'], "unknown option '--prot'"],
    ['a flag of a service', ['carts', '-prot=1'], 'unknown -prot=1; did you mean -port?'],
  ])('refuses %s that it does not know, with exit code 2', async (_what, words, message) => {
    const refused = new WorkspaceProcess(SHOP, words);
    expect([await refused.ended, refused.output]).toEqual([2, expect.stringContaining(message)]);
  });

  it('lists options and services with --help, and the flags of a service', async () => {
    const help = async (...words: string[]) => {
      const asked = new WorkspaceProcess(SHOP, [...words, '--help']);
      expect(await asked.ended).toBe(0);
      return asked.output;
    };
    expect(await help()).toMatch(/Usage: sock-shop [^]*--data <DIR>[^]*queue-master/);
    expect(await help('payment')).toContain('-decline');
  });
});
