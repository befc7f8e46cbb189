import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { StandIn, until } from '@sockshop/testing';
import { Shop } from './shop.ts';

jest.setTimeout(60_000); // for a busy machine

/** The program from its sources, whether built or not. */
function start(...args: string[]) {
  const main = join(import.meta.dirname, '../src/main.ts');
  const node = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', main];
  const child = spawn(process.execPath, [...node, ...args]);
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([out, err, [code]]) => ({ out, err, code: code as unknown }),
  );
  return { child, ended };
}

describe('the program', () => {
  let shop: Shop;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadtest-'));
  });
  beforeEach(async () => {
    shop = new Shop();
    await shop.start();
  });
  afterEach(() => shop.stop());
  afterAll(() => rm(folder, { recursive: true }));

  it('ends after its duration, with a table for people and a file for programs', async () => {
    const file = join(folder, 'summary.json');
    const args = ['--shoppers', '2', '--duration', '1s', '--think', '5ms', '--rich', '0'];
    const { ended } = start('--url', shop.url, ...args, '--seed', '3', '--json', file);
    const { out, err, code } = await ended;
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toBe(`2 shoppers at ${shop.url}/ until 1 s are over, seed 3`);
    expect(lines[1]).toMatch(/^route +status +count +per s +p50 ms +p95 ms +p99 ms$/);
    expect(lines[2]).toMatch(/^DELETE \/cart +202 +\d+( +\d+\.\d){4}$/);

    const summary: unknown = JSON.parse(await readFile(file, 'utf8'));
    const { length } = shop.orders;
    expect(lines.at(-1)).toMatch(
      new RegExp(
        `^${shop.accessLog.length} requests in .* s \\(.*/s\\), ${length} orders, 0 declined, 0 errors$`,
      ),
    );
    expect(summary).toMatchObject({
      url: `${shop.url}/`,
      shoppers: 2,
      seed: 3,
      think: { meanMs: 5 },
      requests: { count: shop.accessLog.length },
      ordersPlaced: length,
      errors: 0,
      orders: shop.orders.map(({ id, key, total }) => ({ id, idempotencyKey: key, total })),
      unanswered: [],
    });
  });

  it('journals every change of a cart and every checkout as it happens', async () => {
    const file = join(folder, 'journal.jsonl');
    const args = ['--url', shop.url, '--shoppers', '1', '--think', '5ms', '--rich', '0'];
    const { child, ended } = start(...args, '--shared-user', '--journal', file);
    await until(() => shop.orders.length >= 2);
    child.kill('SIGKILL');
    await ended;
    const [emptied, added, placed] = (await readFile(file, 'utf8'))
      .split('\n')
      .slice(0, 3)
      .map((line): unknown => JSON.parse(line));
    const who = { at: expect.any(Number), shopper: 1, username: 'user' };
    expect(emptied).toEqual({ event: 'cart', ...who, route: 'DELETE /cart', fate: 'done' });
    const line = { route: 'POST /cart', item: expect.any(String), quantity: 1, fate: 'done' };
    expect(added).toEqual({ event: 'cart', ...who, ...line });
    const { id, key, total } = shop.orders[0]!;
    expect(placed).toEqual({ event: 'checkout', ...who, idempotencyKey: key, id, total });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints the summary at %s and exits with 0',
    async (signal) => {
      const { child, ended } = start('--url', shop.url, '--shoppers', '12', '--think', '5ms');
      await until(() => shop.orders.length > 5);
      child.kill(signal);
      const { out, err, code } = await ended;
      expect({ err, code }).toEqual({ err: '', code: 0 });
      expect(out).toMatch(/\d+ requests in .*, 0 errors\n$/);
    },
  );

  it('writes a page, adds up the files of two runs, and exits with 1 when a promise is broken', async () => {
    const [one, other, sum, page] = ['one.json', 'other.json', 'sum.json', 'page.html'].map(
      (name) => join(folder, name),
    ) as [string, string, string, string];
    const args = ['--url', shop.url, '--duration', '1s', '--think', '5ms', '--json'];
    const broken = [one, '--html', page, '--p95', '1h', '--p95', 'buy=1ms', '--journeys', 'buy'];
    const runs = [start(...args, ...broken).ended, start(...args, other, '--rate', '20/s').ended];
    const [first, second] = await Promise.all(runs);
    expect(first!.code).toBe(1);
    expect(first!.out).toMatch(/^held: p95 .* ms, at most 3600000 ms$/m);
    expect(first!.out).toMatch(/^BROKEN: p95 of buy .* ms, at most 1 ms$/m);
    expect(second!.code).toBe(0);
    expect(await readFile(page, 'utf8')).toContain('</html>');

    const merge = await start('merge', one, other, '--json', sum, '--max-error-rate', '0%').ended;
    expect(merge).toMatchObject({ err: '', code: 0 });
    const [a, b, both] = await Promise.all(
      [one, other, sum].map(async (file) => {
        return JSON.parse(await readFile(file, 'utf8')) as { requests: { count: number } };
      }),
    );
    expect(both!.requests.count).toBe(a!.requests.count + b!.requests.count);
    expect(both).toMatchObject({ generators: [{ rate: null }, { rate: '20 visits/s' }] });
  });

  it('exits with 1 on errors when asked to', async () => {
    const args = ['--shoppers', '1', '--think', '5ms', '--fail-on-errors', '--shared-user'];
    shop.refuseCheckouts(Infinity);
    const { child, ended } = start('--url', shop.url, ...args);
    await until(() => shop.accessLog.some(({ request }) => request === 'POST /orders'));
    child.kill('SIGTERM');
    const { out, code } = await ended;
    expect(code).toBe(1);
    expect(out).toMatch(/^last error of each kind\n {2}POST \/orders 503: /m);
  });

  it('says in one line that no shop answers, and exits with 1', async () => {
    await shop.stop();
    const { ended } = start('--url', shop.url, '--duration', '1h');
    const advice = 'Start one with npm start, or name it with --url URL.';
    const err = `No shop answers at ${shop.url}/ (GET /catalogue: ECONNREFUSED). ${advice}\n`;
    expect(await ended).toEqual({ out: '', err, code: 1 });
  });

  it.each([
    [{ status: 404 }, 'GET /catalogue: 404'],
    [{ status: 200, body: { of: 'another program' } }, 'GET /catalogue: 200 bad body'],
  ])('says in one line that %j is no shop, and exits with 1', async (answer, why) => {
    const other = await StandIn.start(() => answer);
    const { err, code } = await start('--url', other.url, '--duration', '1h').ended;
    await other.close();
    expect(code).toBe(1);
    expect(err).toBe(
      `What answers at ${other.url}/ is no shop (${why}). Start one with npm start, or name it with --url URL.\n`,
    );
  });

  it('exits with 1 when no request of the run succeeded', async () => {
    const broken = await StandIn.start(() => ({ status: 503 }));
    const { err, code } = await start('--url', broken.url, '--duration', '200ms').ended;
    await broken.close();
    expect({ err, code }).toEqual({
      err: `Nothing succeeded at ${broken.url}/: all of its parts may be unavailable.\n`,
      code: 1,
    });
  });

  it('exits with 2 and says why when the command line is wrong', async () => {
    const { out, err, code } = await start('--shoppers', 'many').ended;
    const message =
      "error: option '--shoppers <N>' argument 'many' is invalid. Give a whole number from 1 to 10000.\n\nUsage: npm run load -- [options] [command]\n\n--help lists the options.\n";
    expect({ out, err, code }).toEqual({ out: '', err: message, code: 2 });
  });
});
