import { findProgram } from '@sockshop/servers';
import { endProcesses, type Part, readState, runs, type State } from '@sockshop/supervisor';
import { CookieClient, Launcher, logIn, until } from '@sockshop/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../dist/main.js');
const SHOP = join(import.meta.dirname, '../../../deploy/distributed/dist/main.js');

jest.setTimeout(180_000);

const found = await Promise.all(
  [['mariadbd'], ['rabbitmq-server'], ['java'], ['mongod', 'go']].map((names) =>
    findProgram(names),
  ),
);
const withServers = found.every(Boolean) ? describe : describe.skip;

const SOCK = '819e1fbf-8b7e-4f6d-811f-693534916a8b';

interface Order {
  id: string;
  status: string;
  history?: { status: string }[];
}

withServers('npm run backup and npm run restore, of the distributed shop', () => {
  let dir: string;
  let file: string;
  let state: State;
  let launcher: Launcher;
  const parts: Part[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'distributed-'));
    file = join(dir, 'shop.backup');
  });
  afterAll(async () => {
    launcher.signal('SIGKILL');
    await endProcesses([...parts, ...(readState(dir)?.parts ?? [])]);
    await rm(dir, { recursive: true });
  });

  const start = async (shippingMs: number): Promise<void> => {
    launcher = new Launcher(SHOP, dir, ['start:distributed', '--port', '0', '--zipkin-port', '0'], {
      SHIPPING_DURATION_MS: String(shippingMs),
    });
    await launcher.ready();
    state = readState(dir)!;
    parts.push(...state.parts);
  };
  const command = async (
    args: string[],
    env: Record<string, string> = {},
  ): Promise<[number | null, string]> => {
    const run = new Launcher(MAIN, dir, args, env);
    return [await run.ended, run.output];
  };
  const stop = async (): Promise<void> => {
    launcher.signal('SIGTERM');
    expect(await launcher.ended).toBe(0);
  };
  const order = async (): Promise<Order> => {
    const session = await logIn(state.url);
    await session.delete('/cart'); // what is in it may cost too much for the card
    expect((await session.post('/cart', { id: SOCK })).status).toBe(201);
    const placed = await session.post('/orders');
    expect(placed.status).toBe(201);
    return (await placed.json()) as Order;
  };
  const orders = async (): Promise<Order[]> => {
    const answer = await (await logIn(state.url)).get('/orders');
    const listed = (await answer.json()) as (Order & { _links: { self: { href: string } } })[];
    return listed.map((each) => ({ ...each, id: each._links.self.href.split('/').at(-1)! }));
  };
  const register = (username: string): Promise<Response> =>
    new CookieClient(state.url, (response) => response).post('/register', {
      username,
      password: 'p',
      email: `${username}@x.org`,
    });

  it('saves the shop that runs, while shoppers write', async () => {
    await start(600_000);
    const { id } = await order();
    await until(async () => (await orders())[0]?.status === 'SHIPPING');
    const session = await logIn(state.url);
    const running = command(['backup', file]);
    const saved = new AbortController();
    void running.then(() => {
      saved.abort();
    });
    const answers = new Set<number>();
    while (!saved.signal.aborted) answers.add((await session.post('/cart', { id: SOCK })).status);
    const [code, output] = await running;
    expect(output).toMatch(
      /^Saved of the distributed shop: 3 customers, 4 addresses, 4 cards, 1 cart lines, 1 orders, 10 socks\n[\d.]+ KiB in [\d.]+ s: \S+; writes waited for 0\.\d\d s\n$/,
    );
    expect([code, [...answers]]).toEqual([0, [201]]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await readdir(dir)).filter((name) => name.startsWith('shop.'))).toEqual([
      'shop.backup',
    ]);
    expect((await orders()).map((each) => each.id)).toEqual([id]);
  });

  it('refuses to restore while the shop runs', async () => {
    const [code, output] = await command(['restore', file]);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(
        /^Sock Shop is already running: \S+ \(process \d+\)\. End it with: npm run stop -- --dir \S+\n$/,
      ),
    ]);
  });

  it('restores exactly the old state, and ships what was on its way without its message', async () => {
    const [before] = await orders();
    await order();
    expect((await register('later')).status).toBe(200);
    await stop();
    // As on another machine: the broker is empty, and the session key another.
    await rm(join(dir, 'distributed', 'rabbitmq'), { recursive: true });
    const key = readFileSync(join(dir, 'distributed', 'session.key'), 'utf8');
    writeFileSync(join(dir, 'distributed', 'session.key'), '0'.repeat(64));

    const [code, output] = await command(['restore', file]);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(
        /Restored the distributed shop as of \S+: 3 customers, .* 1 orders, 10 socks\n1 orders were on their way then: they are sent again at the next start\nDone in [\d.]+ s\n$/,
      ),
    ]);
    expect(existsSync(join(dir, 'state.json'))).toBe(false);
    expect(readFileSync(join(dir, 'distributed', 'session.key'), 'utf8')).toBe(key);

    await start(100);
    await until(async () => (await orders())[0]?.status === 'SHIPPED');
    const after = await orders();
    expect(after.map(({ id }) => id)).toEqual([before?.id]);
    const steps = after[0]?.history?.map(({ status }) => status);
    expect(steps).toEqual(['CREATED', 'PAID', 'SHIPPING', 'SHIPPED']);
    expect((await register('later')).status).toBe(200);
    await order();
  });

  it('saves the shop that is stopped, with servers that run for as long', async () => {
    await stop();
    const second = join(dir, 'second');
    const [code, output] = await command(['backup', second]);
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(
        /^Saved of the distributed shop: 4 customers, .*\n[\d.]+ KiB in [\d.]+ s: \S+second\n$/,
      ),
    ]);
    expect(existsSync(join(dir, 'state.json'))).toBe(false);
  });

  it('changes nothing when the file is damaged', async () => {
    const cut = join(dir, 'cut');
    await copyFile(file, cut);
    truncateSync(cut, statSync(file).size - 5);
    expect(await command(['restore', cut])).toEqual([
      1,
      `${cut} is cut off: nothing was changed.\n`,
    ]);
  });

  it.each([
    ['by URL', (url: string) => ({ MYSQL_URL: url })],
    [
      'by a file with its URL',
      (url: string) => {
        writeFileSync(join(dir, 'url'), url);
        return { MYSQL_URL: '', MYSQL_URL_FILE: join(dir, 'url') };
      },
    ],
  ])(
    'asks before it replaces data on a server given %s, without its password',
    async (_, given) => {
      const env = { ...given('mysql://someone:secret@127.0.0.1:1/'), MONGO_URL: '' };
      const [code, output] = await command(['restore', file], env);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/^All data .* in MYSQL_URL .* --yes\.\n$/),
      ]);
      const [failed, says] = await command(['restore', file, '--yes'], env);
      expect([failed, says]).toEqual([1, expect.stringMatching(/^Not restored: .*ECONNREFUSED/)]);
      expect(says).not.toContain('secret');
      expect(existsSync(join(dir, 'state.json'))).toBe(false);
    },
  );

  it('ends its servers when it is interrupted', async () => {
    const run = new Launcher(MAIN, dir, ['backup', join(dir, 'third')]);
    await until(() => readState(dir)?.parts.length === 2);
    const servers = readState(dir)?.parts ?? [];
    parts.push(...servers);
    run.signal('SIGTERM');
    expect([await run.ended, run.output]).toEqual([
      1,
      'Interrupted: nothing was saved or restored.\n',
    ]);
    expect(servers.filter(({ process }) => runs(process))).toEqual([]);
    expect((await readdir(dir)).filter((name) => /third|state/.test(name))).toEqual([]);
  });
});

describe('npm run backup, refused', () => {
  const refused = async (args: string[]): Promise<[number | null, string]> => {
    const dir = await mkdtemp(join(tmpdir(), 'distributed-'));
    const run = new Launcher(MAIN, dir, args);
    const code = await run.ended;
    expect(await readdir(dir)).toEqual([]);
    await rm(dir, { recursive: true });
    return [code, run.output];
  };

  it.each([
    [
      ['backup'],
      /^error: missing required argument 'FILE'\n\nUsage: npm run backup -- \[options\] <FILE>\n/,
    ],
    [
      ['backup', 'a', 'b'],
      /^error: too many arguments for 'backup'\. Expected 1 argument but got 2: a, b\.\n/,
    ],
    [
      ['backup', 'a', '--way', 'both'],
      /^error: option '--way <WAY>' argument 'both' is invalid\. Allowed choices are embedded, distributed\.\n/,
    ],
    [['backup', 'a', '--yes'], /^error: unknown option '--yes'\n/],
    [['restroe', 'a'], /^error: unknown command 'restroe'\n\(Did you mean restore\?\)\n/],
  ])('says with code 2 what is wrong with the command line %p', async (args, message) => {
    expect(await refused(args)).toEqual([2, expect.stringMatching(message)]);
  });

  it.each([
    [['backup', 'a'], /^There is no shop in \S+ to take a backup of\.\n$/],
    [
      ['restore', '/nowhere/a'],
      /^\/nowhere\/a cannot be used: it does not exist, or a folder on the way to it does not \(ENOENT\)\.\n$/,
    ],
    [['restore', '/'], /^\/ cannot be used: it is a folder, not a file \(EISDIR\)\.\n$/],
    [['backup', '/nowhere/a'], /^No backup was written: \/nowhere\/a cannot be used: it does not /],
    [
      ['backup', '/etc/hosts/a'],
      /^No backup was written: \/etc\/hosts\/a cannot be used: it, or a part /,
    ],
  ])('says with code 1 why %p is not done', async (args, message) => {
    expect(await refused(args)).toEqual([1, expect.stringMatching(message)]);
  });
});
