import { findProgram } from '@sockshop/servers';
import {
  endProcesses,
  freePort,
  type Part,
  readState,
  runs,
  type State,
} from '@sockshop/supervisor';
import {
  type CookieClient,
  Launcher,
  logIn,
  newCustomer,
  orderOnce,
  until,
} from '@sockshop/testing';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { HIGHEST_PORT, SERVICE_NAMES } from '@sockshop/parts';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(180_000);

const found = await Promise.all(
  [['mariadbd'], ['rabbitmq-server'], ['java'], ['mongod', 'go'], ['haproxy']].map((names) =>
    findProgram(names),
  ),
);
const withServers = found.every(Boolean) ? describe : describe.skip;

const MAIN = join(import.meta.dirname, '../dist/main.js');
/** Every service, MariaDB, MongoDB, RabbitMQ and its epmd, the router. */
const PROCESSES = SERVICE_NAMES.length + 5;
const SOCK = '819e1fbf-8b7e-4f6d-811f-693534916a8b';

withServers('npm run start:distributed', () => {
  let dir: string;
  let state: State;
  let launcher: Launcher;
  let orderId: string;
  /** Every process that these tests have started. */
  const parts: Part[] = [];
  const part = (name: string): Part => {
    const it = readState(dir)?.parts.find((each) => each.name === name);
    if (!it) throw new Error(`${name} is not in the state`);
    return it;
  };
  const start = async (args: string[], env: Record<string, string> = {}): Promise<void> => {
    launcher = new Launcher(
      MAIN,
      dir,
      ['start:distributed', '--port', '0', '--zipkin-port', '0', ...args],
      {
        SHIPPING_DURATION_MS: '100',
        ...{ UPSTREAM_TIMEOUT_MS: '15000', ORDER_TIMEOUT_MS: '60000', LOGIN_TIMEOUT_MS: '60000' }, // the machine also runs other suites
        ...env,
      },
    );
    await launcher.ready();
    state = readState(dir)!;
    parts.push(...state.parts);
  };
  const command = async (name: string): Promise<[number | null, string]> => {
    const run = new Launcher(MAIN, dir, [name]);
    return [await run.ended, run.output];
  };

  afterAll(async () => {
    launcher.signal('SIGKILL');
    await endProcesses([...parts, ...(readState(dir)?.parts ?? [])]);
    await rm(dir, { recursive: true });
  });

  it('starts servers and services and ships an order', async () => {
    dir = await mkdtemp(join(tmpdir(), 'distributed-'));
    await start(['--instances', 'queue-master=2']);
    const names = state.parts.map(({ name }) => name).sort();
    const servers = ['mariadb', 'mongodb', 'rabbitmq', 'epmd', 'zipkin', 'edge-router'];
    expect(names).toEqual([...SERVICE_NAMES, 'queue-master-2', ...servers].sort());

    const session = await logIn(state.url);
    const added = await session.post('/cart', { id: SOCK });
    expect(added.status).toBe(201);
    const placed = await session.post('/orders');
    expect(placed.status).toBe(201);
    orderId = ((await placed.json()) as { id: string }).id;
    await until(async () => (await orderStatus(state.url, orderId)) === 'SHIPPED');
  });

  it("appends each service's log to its own file as JSON lines", () => {
    for (const name of [...SERVICE_NAMES, 'queue-master-2']) {
      const lines = readFileSync(join(dir, 'logs', `${name}.log`), 'utf8')
        .trim()
        .split('\n');
      const first = JSON.parse(lines[0]!) as { service: string; message: string };
      expect(first.service).toBe(name.replace('-2', ''));
    }
  });

  it('keeps all its files, and those of its servers, from other users', () => {
    const open = readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(dir, name))
      .filter((path) => (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077);
    expect(open).toEqual([]);
  });

  it('makes 200 orders from 1,000 simultaneous requests with 200 idempotency keys', async () => {
    const { url } = state;
    const customers: CookieClient[] = [];
    while (customers.length < 200) {
      const ten = Array.from({ length: 10 }, () => newCustomer(url, { cart: [SOCK] }));
      customers.push(...(await Promise.all(ten)));
    }
    const ids = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const customer = index % customers.length;
        return [customer, await orderOnce(customers[customer]!, 'the same key')] as const;
      }),
    );
    expect(new Set(ids.map(([, id]) => id)).size).toBe(200);
    expect(new Set(ids.map((pair) => pair.join())).size).toBe(200); // each customer one
    const stored = await Promise.all(
      customers.map(async (customer) => {
        const response = await customer.get('/orders');
        return ((await response.json()) as unknown[]).length;
      }),
    );
    expect(stored).toEqual(Array(200).fill(1));
  });

  it('has 500 pieces of a sock in the cart after 500 simultaneous additions', async () => {
    const { url } = state;
    const customer = await newCustomer(url, { cart: [] });
    const added = await Promise.all(
      Array.from({ length: 500 }, () => customer.post('/cart', { id: SOCK })),
    );
    expect(added.map(({ status }) => status)).toEqual(Array(500).fill(201));
    const lines: unknown = await (await customer.get('/cart')).json();
    expect(lines).toMatchObject([{ itemId: SOCK, quantity: 500 }]);
  });

  it('restarts a killed service', async () => {
    const before = part('catalogue').process!;
    process.kill(before.pid, 'SIGKILL');
    await until(() =>
      Promise.resolve((part('catalogue').process?.pid ?? before.pid) !== before.pid),
    );
    parts.push(part('catalogue'));
    expect(part('catalogue').restarts).toBe(1);
    expect(launcher.output).toMatch(/catalogue ended with SIGKILL; starting it again in \d\.\d s/);
    await until(async () => {
      const response = await fetch(`${state.url}/catalogue/${SOCK}`);
      return response.ok && ((await response.json()) as { id: string }).id === SOCK;
    });
  });

  it.each(['mariadb', 'mongodb', 'rabbitmq', 'zipkin'])(
    'restarts a killed %s on its port with its data',
    async (name) => {
      const before = part(name);
      process.kill(before.process!.pid, 'SIGKILL'); // the one that `status` shows, alone
      await until(() => Promise.resolve(part(name).restarts === 1 && runs(part(name).process)));
      parts.push(...(readState(dir)?.parts ?? []));
      expect(part(name)).toMatchObject({ port: before.port, url: before.url });
      await until(async () => {
        const session = await logIn(state.url).catch(() => undefined);
        if (session === undefined) return false;
        const added = await session.post('/cart', { id: SOCK });
        const placed = added.ok && (await session.post('/orders'));
        if (!placed || placed.status !== 201) return false;
        const { id } = (await placed.json()) as { id: string };
        await until(async () => (await orderStatus(state.url, id)) === 'SHIPPED');
        return true;
      });
      expect(await orderStatus(state.url, orderId)).toBe('SHIPPED');
    },
  );

  it('refuses to start a second time from the same folder', async () => {
    const second = new Launcher(MAIN, dir, ['start:distributed', '--port', '0']);
    expect(await second.ended).toBe(1);
    expect(second.output).toMatch(/^Sock Shop is already running: .*npm run stop -- --dir \S+\n$/);
  });

  it('lists every process with port, state and memory in `npm run status`', async () => {
    const [code, output] = await command('status');
    expect(code).toBe(0);
    expect(launcher.output).toMatch(
      part('mongodb').standIn
        ? /mongodb: ready in .* s, a MongoDB stand-in/
        : /mongodb: ready in [\d.]+ s$/m,
    );
    for (const { name, kind, port } of state.parts) {
      const row = output.split('\n').find((line) => line.startsWith(`${name} `));
      const fields = row?.split(/\s{2,}/) ?? [];
      const running = part(name).standIn ? 'running, a stand-in' : 'running';
      const says = kind === 'service' ? 'ready' : running;
      const pid = String(part(name).process?.pid);
      expect(fields.slice(0, 4)).toEqual([name, String(port ?? '–'), pid, says]);
      expect(Number(fields[5])).toBeGreaterThan(0);
    }
  });

  it('leaves nothing running after `npm run stop`', async () => {
    const [code, output] = await command('stop');
    expect([code, await launcher.ended]).toEqual([0, 0]);
    expect(output).toMatch(/^Stopped in /);
    expect(parts.filter(({ process }) => runs(process))).toEqual([]);
    expect(existsSync(join(dir, 'state.json'))).toBe(false);
    expect(existsSync(join(dir, 'control.sock'))).toBe(false);
    expect(await command('status')).toEqual([1, 'Sock Shop is not running.\n']);
    expect(await command('stop')).toEqual([0, 'Sock Shop is not running.\n']);
  });

  it('keeps its data across a restart, also with a Zipkin given by URL', async () => {
    const zipkin = `http://someone:secret@127.0.0.1:${await freePort()}`;
    await start([], { ZIPKIN_URL: zipkin });
    expect(await orderStatus(state.url, orderId)).toBe('SHIPPED');
    expect(part('zipkin').process).toBeUndefined();
    expect(readFileSync(join(dir, 'state.json'), 'utf8')).not.toContain('secret');
  });

  it('ends the processes that a killed launcher left on `npm run stop`', async () => {
    launcher.signal('SIGKILL');
    expect(await launcher.ended).toBeNull();
    expect(state.parts.filter(({ process }) => runs(process))).toHaveLength(PROCESSES);
    const [asked, said] = await command('status');
    expect([asked, said.trim().split('\n').at(-1)]).toEqual([
      1,
      'The launcher was killed: npm run stop ends what it left.',
    ]);
    const [code, output] = await command('stop');
    expect([code, output.split('\n')[0]]).toEqual([
      0,
      `The launcher had been killed; it had left ${PROCESSES} processes.`,
    ]);
    expect(parts.filter(({ process }) => runs(process))).toEqual([]);
    expect(existsSync(join(dir, 'state.json'))).toBe(false);
  });
});

describe('npm run start:distributed with wrong use', () => {
  const refused = async (args: string[], env: Record<string, string> = {}) => {
    const dir = await mkdtemp(join(tmpdir(), 'distributed-'));
    const run = new Launcher(MAIN, dir, ['start:distributed', ...args], env);
    const code = await run.ended;
    expect(existsSync(join(dir, 'state.json'))).toBe(false);
    await rm(dir, { recursive: true });
    return { code, says: run.output };
  };

  it('names a busy port and the option to change it', async () => {
    const busy = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve));
    const says = (use: string, option: string) =>
      expect.stringMatching(
        new RegExp(
          `^Port ${port}, for ${use}, is in use by node .*\\(process ${process.pid}\\)\\. Choose another with: npm run start:distributed -- ${option} N\n$`,
        ),
      );
    expect(await refused(['--port', String(port)])).toEqual({
      code: 1,
      says: says('the shop', '--port'),
    });
    expect(await refused(['--port', '0', '--zipkin-port', String(port)])).toEqual({
      code: 1,
      says: says('Zipkin', '--zipkin-port'),
    });
    await new Promise((resolve) => busy.close(resolve));
  });

  it.each([
    [
      ['--instances', 'orders=21'],
      /^error: option '--instances <SERVICE=N>' argument 'orders=21' is invalid\. Give a service and a number from 1 to 20, /,
    ],
    [
      ['--instances', 'socks=2'],
      /^error: option '--instances <SERVICE=N>' argument 'socks=2' is invalid\. Give a service and a number from 1 to 20, /,
    ],
    [
      ['--port', 'eighty'],
      new RegExp(
        `^error: option '--port <N>' argument 'eighty' is invalid\\. Give a whole number from 0 to ${HIGHEST_PORT}\\.\n`,
      ),
    ],
    [
      ['--prot', '1'],
      /^error: unknown option '--prot'\n\(Did you mean --port\?\)\n\nUsage: npm run start:distributed -- /,
    ],
  ])('explains what is wrong with %p', async (args, message) => {
    const { code, says } = await refused(args);
    expect(code).toBe(2);
    expect(says).toMatch(message);
  });

  it('explains in one paragraph which server is unavailable and how to install it', async () => {
    const given = { MYSQL_URL: 'mysql://127.0.0.1:1', RABBITMQ_URL: 'amqp://127.0.0.1:1' };
    const env = { ...given, MONGO_URL: 'mongodb://127.0.0.1:1', PATH: '/nowhere' };
    const { code, says } = await refused(['--port', '0', '--zipkin-port', '0'], env);
    expect(code).toBe(1);
    expect(says).toContain(
      'Zipkin is not available: there is no `java` on the PATH, and only root on a Debian-like system may install it. Install Java 17',
    );
  });
});

async function orderStatus(url: string, id: string): Promise<string> {
  const response = await (await logIn(url)).get(`/orders/${id}`);
  return ((await response.json()) as { status: string }).status;
}
