import { findProgram } from '@sockshop/servers';
import { OWN_SERVERS } from '@sockshop/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULT_NAMES, fullSchedule, nameOf } from '../src/faults.ts';
import { CHAOS } from '../src/options.ts';
import { emptyFolder } from '../src/own-folder.ts';

jest.setTimeout(600_000);

const found = await Promise.all(
  [['mariadbd'], ['rabbitmq-server'], ['java'], ['mongod', 'go']].map((names) =>
    findProgram(names),
  ),
);
const withServers = found.every(Boolean) ? describe : describe.skip;
const MAIN = join(import.meta.dirname, '../dist/main.js');

describe('the folder of npm run chaos', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'chaos-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('loses what an earlier run left, and only the owner may read it', async () => {
    const folder = join(dir, 'a', 'b');
    emptyFolder(folder);
    await mkdir(join(folder, 'distributed', 'mariadb'), { recursive: true });
    for (const name of ['launcher.txt', 'journal.jsonl', 'claim.lock'])
      await writeFile(join(folder, name), '');
    emptyFolder(folder);
    expect(await readdir(folder)).toEqual([]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['holiday.jpg', ['launcher.txt', 'holiday.jpg'], /holiday\.jpg is in it/],
    ["a person's own shop", ['distributed', 'logs'], /no chaos run has made it/],
  ])('is refused, and stays as it is, with %s in it', async (_title, names, why) => {
    for (const name of names) await writeFile(join(dir, name), '');
    expect(() => {
      emptyFolder(dir);
    }).toThrow(why);
    expect((await readdir(dir)).sort()).toEqual([...names].sort());
  });
});

describe('the schedule of npm run chaos', () => {
  it('kills and pauses each part, and kills each in a pair', () => {
    const names = fullSchedule(1).map(nameOf);
    for (const part of FAULT_NAMES) {
      expect(names).toContain(`kill:${part}`);
      expect(names).toContain(`pause:${part}`);
      expect(names.some((name) => name.includes('+') && name.includes(part))).toBe(true);
    }
    expect(names).toEqual(expect.arrayContaining(['kill:orders+mongodb', 'kill:orders+rabbitmq']));
  });

  it('is the same for the same seed', () => {
    expect(fullSchedule(7)).toEqual(fullSchedule(7));
    expect(fullSchedule(7)).not.toEqual(fullSchedule(8));
  });

  it.each([
    [
      ['--faults', 'kill:socks'],
      /option '--faults <LIST>' argument 'kill:socks' is invalid\. Give faults like kill:orders/,
    ],
    [
      ['--faults', 'kill:orders+orders'],
      /option '--faults <LIST>' argument 'kill:orders\+orders' is invalid\. Give faults like/,
    ],
    [
      ['--orders', 'many'],
      /option '--orders <N>' argument 'many' is invalid\. Give a whole number from 1 to/,
    ],
    [
      ['--plant', 'socks'],
      /option '--plant <WHAT>' argument 'socks' is invalid\. Allowed choices are loss\.$/,
    ],
  ])('refuses %p', (argv, message) => {
    expect(() => CHAOS.parse(argv, { from: 'user' })).toThrow(message);
  });
});

withServers('npm run chaos', () => {
  const dirs: string[] = [];
  const chaos = async (...args: string[]): Promise<{ code: number; lines: string[] }> => {
    const dir = await mkdtemp(join(tmpdir(), 'chaos-'));
    dirs.push(dir);
    const env = { ...process.env, NODE_OPTIONS: '', ...OWN_SERVERS, SHIPPING_DURATION_MS: '100' };
    return new Promise((resolve) => {
      const argv = [
        MAIN,
        '--dir',
        dir,
        '--shoppers',
        '10',
        '--seed',
        '1',
        '--orders',
        '1',
        ...args,
      ];
      execFile(process.execPath, argv, { env }, (error, stdout, stderr) => {
        const code = error ? Number(error.code) : 0;
        resolve({ code, lines: `${stdout}${stderr}`.trim().split('\n') });
      });
    });
  };
  const row = (lines: string[], name: string): string[] =>
    lines.find((line) => line.startsWith(`${name} `))?.split(/\s{2,}/) ?? lines;

  afterAll(async () => {
    for (const dir of dirs) await rm(dir, { recursive: true });
  });

  it('loses and doubles nothing when orders, its database, the broker and the router are killed', async () => {
    const faults = [
      'kill:orders',
      'kill:mongodb',
      'kill:orders+rabbitmq',
      'kill:edge-router',
      'pause:edge-router',
      'pause:carts',
    ];
    const { code, lines } = await chaos('--faults', faults.join(','));
    expect([code, lines.at(-1)]).toEqual([
      0,
      expect.stringMatching(
        /^\d+ orders acknowledged: 0 lost, 0 doubled, 0 unshipped, 0 unasked; 0 cart lines wrong; 0 processes ended that were not hit$/,
      ),
    ]);
    for (const fault of faults) {
      const [, hits, orders, ...counts] = row(lines, fault);
      expect(Number(hits)).toBeGreaterThanOrEqual(1);
      expect(Number(orders)).toBeGreaterThanOrEqual(20);
      expect(counts.slice(0, 4)).toEqual(['0', '0', '0', '0']);
    }
    const journal = await readFile(join(dirs[0]!, 'journal.jsonl'), 'utf8');
    expect(journal.match(/"event":"checkout".*"id":/g)?.length).toBeGreaterThanOrEqual(120);
  });

  it('fails on a planted loss, and names the order', async () => {
    const { code, lines } = await chaos('--faults', 'kill:zipkin', '--plant', 'loss');
    const [, id] = /^planted: order (\w+) is deleted$/.exec(
      lines.find((line) => line.startsWith('planted'))!,
    )!;
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/orders acknowledged: 1 lost, 0 doubled, 0 unshipped, 0 unasked;/);
    expect(lines.filter((line) => line.startsWith('lost: '))).toEqual([
      expect.stringMatching(new RegExp(`^lost: order ${id!} of \\S+ is not stored$`)),
    ]);
  });
});
