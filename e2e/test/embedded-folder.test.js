import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, jest, } from '@jest/globals';
import { processOf, readState, removeState, writeState } from '@sockshop/supervisor';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { aFolder, EMBEDDED, EmbeddedShop } from './embedded-shop.ts';
import { aCustomer, Shopper } from './shopper.ts';
import { WorkspaceProcess } from './workspace-process.ts';
jest.setTimeout(120_000);
const STOP_AND_STATUS = 'deploy/distributed/dist/main.js';
/** And the eight after it: below the range of ephemeral ports. */
const OWN_PORTS = 28_100 + (process.pid % 400) * 9;
const FREE = ['--port', '0', '--trace-port', '0'];
/** `npm start` that must not start. */
const refused = async (...args) => {
    const run = new WorkspaceProcess(EMBEDDED, args);
    expect(await run.ended).toBe(1);
    return run.output;
};
/** A line, and no stack. */
const oneLine = (text) => {
    expect(text).toMatch(/^[^\n]+\n$/);
    return text.trimEnd();
};
/** Every file below the folder, with what it holds; but not what a claim leaves. */
const contents = (dir) => readdirSync(dir)
    .filter((name) => !name.startsWith('claim.'))
    .sort()
    .map((name) => {
    const path = join(dir, name);
    const kind = lstatSync(path);
    if (!kind.isFile())
        return `${name} ${kind.isDirectory() ? 'folder' : 'link'}`;
    return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
});
describe('a shop in one process that runs', () => {
    const eve = aCustomer('eve-of-the-first');
    let shop;
    let data;
    let port;
    beforeAll(async () => {
        data = aFolder();
        shop = await EmbeddedShop.start({ data });
        port = Number(new URL(shop.url).port);
        await new Shopper(shop.url).registered(eve);
    });
    afterAll(async () => {
        await shop.stop();
        rmSync(data, { recursive: true });
    });
    const unharmed = async () => {
        expect((await new Shopper(shop.url).logIn(eve.username, eve.password)).status).toBe(200);
        expect(readState(data)).toMatchObject({ way: 'embedded', url: shop.url });
    };
    it.each([[['--reset']], [[]], [['--reset', '--port', '0', '--trace-port', '0']]])('keeps its data and its log when another is started on its folder with %p', async (args) => {
        const log = readFileSync(join(data, 'sock-shop.log'), 'utf8');
        const said = oneLine(await refused('--data', data, ...args));
        const { pid } = readState(data).launcher;
        expect(said).toBe(`Sock Shop is already running: ${shop.url} (process ${pid}). End it with: npm run stop -- --dir ${data}`);
        expect(readFileSync(join(data, 'sock-shop.log'), 'utf8').startsWith(log)).toBe(true);
        await unharmed();
    });
    it('keeps a distributed shop out of its folder', async () => {
        const args = ['start:distributed', '--port', '0', '--zipkin-port', '0', '--dir', data];
        const run = new WorkspaceProcess(STOP_AND_STATUS, args);
        expect(await run.ended).toBe(1);
        expect(oneLine(run.output)).toMatch(/^Sock Shop is already running: /);
        await unharmed();
    });
    it('is named, with what to type, when a port of it is wanted by a shop elsewhere', async () => {
        const elsewhere = join(data, '..', `elsewhere-${process.pid}`);
        const said = oneLine(await refused('--port', String(port), '--data', elsewhere, '--reset'));
        const { pid } = readState(data).launcher;
        expect(said).toBe(`Port ${port}, for front-end, is in use by the Sock Shop that runs from ${data} (process ${pid}). ` +
            `Stop it with: npm run stop -- --dir ${data}. Or choose another with: npm start -- --port N`);
        expect(existsSync(elsewhere)).toBe(false);
    });
    it('keeps its files from other users', () => {
        for (const name of readdirSync(data))
            expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, 0o600]);
        expect(statSync(data).mode & 0o777).toBe(0o700);
    });
    it('is shown by npm run status and stopped by npm run stop', async () => {
        const command = async (...args) => {
            const run = new WorkspaceProcess(STOP_AND_STATUS, args);
            return [await run.ended, run.output];
        };
        for (const option of ['--data', '--dir']) {
            const [code, shown] = await command('status', option, data);
            expect(code).toBe(0);
            expect(shown).toMatch(new RegExp(`^front-end +${port} +\\d+ +ready +`, 'm'));
            expect(shown).toContain(`\n${shop.url}, since `);
        }
        const [code, said] = await command('stop', '--dir', data);
        expect([code, said, await shop.process.ended]).toEqual([
            0,
            expect.stringMatching(/^Stopped in /),
            0,
        ]);
        expect(readState(data)).toBeUndefined();
        expect(await command('status', '--dir', data)).toEqual([1, 'Sock Shop is not running.\n']);
        expect(await command('stop', '--dir', data)).toEqual([0, 'Sock Shop is not running.\n']);
    });
});
describe('the folder of a shop in one process', () => {
    let dir;
    let data;
    beforeEach(() => {
        dir = aFolder();
        data = join(dir, 'data');
    });
    afterEach(() => {
        rmSync(dir, { recursive: true });
    });
    /** What a shop leaves, without one. */
    const aStoppedShop = () => {
        mkdirSync(data);
        for (const name of ['sock-shop.log', 'session.key', 'orders.db-journal'])
            writeFileSync(join(data, name), name);
    };
    const started = async (...args) => EmbeddedShop.start({ data, args });
    it('is as it was when --reset finds a port in use', async () => {
        aStoppedShop();
        const before = contents(data);
        const busy = createServer();
        const port = await new Promise((resolve) => busy.listen(0, '127.0.0.1', () => {
            resolve(busy.address().port);
        }));
        for (const option of ['--port', '--trace-port']) {
            const said = oneLine(await refused(...FREE, '--data', data, '--reset', option, String(port)));
            const use = option === '--port' ? 'front-end' : 'the trace store';
            expect(said).toMatch(new RegExp(`^Port ${port}, for ${use}, is in use by node .*\\(process ${process.pid}\\)\\..* npm start -- ${option} N$`));
        }
        await new Promise((resolve) => busy.close(resolve));
        expect(contents(data)).toEqual(before);
    });
    it.each([
        [
            'holiday.jpg',
            () => {
                writeFileSync(join(data, 'holiday.jpg'), '');
            },
        ],
        [
            'a folder with the name of a database',
            () => {
                mkdirSync(join(data, 'user.db'));
            },
        ],
        [
            'a link with the name of a database',
            () => {
                symlinkSync('/etc/hosts', join(data, 'user.db'));
            },
        ],
    ])('is not touched by --reset when it has %s', async (_title, add) => {
        aStoppedShop();
        add();
        const before = contents(data);
        const said = oneLine(await refused(...FREE, '--data', data, '--reset'));
        expect(said).toMatch(/^--reset deletes nothing in \S+: something else is in it \((holiday\.jpg|user\.db)\)/);
        expect(contents(data)).toEqual(before);
    });
    it('is not touched by --reset when it only has databases, which may be of any program', async () => {
        mkdirSync(data);
        for (const name of ['user.db', 'orders.db'])
            writeFileSync(join(data, name), name);
        const before = contents(data);
        const said = oneLine(await refused(...FREE, '--data', data, '--reset'));
        expect(said).toMatch(/^--reset deletes nothing in \S+: it is not the folder of a shop\./);
        expect(contents(data)).toEqual(before);
    });
    it.each([
        ['that a shop has left', aStoppedShop],
        ['that is not there', () => undefined],
    ])('%s is fresh after --reset', async (_title, make) => {
        make();
        const shop = await started('--reset');
        await shop.stop();
        expect(readdirSync(data).sort()).toEqual(['carts', 'catalogue', 'orders', 'user']
            .map((name) => `${name}.db`)
            .concat('claim.lock', 'session.key', 'sock-shop.log')
            .sort());
        expect(readFileSync(join(data, 'session.key'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
    });
    it.each([
        ['free ports', FREE],
        ['the same ports', ['--port', String(OWN_PORTS), '--trace-port', String(OWN_PORTS + 8)]],
    ])('is of one of two shops that start at the same moment on %s; the other says who has it', async (_title, ports) => {
        const two = [1, 2].map(() => new WorkspaceProcess(EMBEDDED, [...ports, '--data', data]));
        const ready = two.map((run) => run.said(/^Sock Shop is ready: /m).then(() => run, () => undefined));
        const [winner, another] = (await Promise.all(ready)).filter((run) => run !== undefined);
        expect([winner === undefined, another]).toEqual([false, undefined]);
        const loser = two.find((run) => run !== winner);
        const { pid } = readState(data).launcher;
        expect(oneLine(loser.output)).toMatch(new RegExp(`^(Sock Shop is already|Port \\d+, for .+, is in use) .*\\(process ${pid}\\)\\. `));
        expect(await winner.stop()).toBe(0);
    });
    it('is free after a shop that was killed, and when its process id belongs to another process now', async () => {
        const killed = await started();
        await killed.stop('SIGKILL');
        expect(readState(data)).toBeDefined();
        const again = await started();
        const state = readState(data);
        await again.stop();
        writeState(data, { ...state, launcher: { pid: process.pid, start: '1' } });
        const third = await started();
        expect(await third.stop()).toEqual([0]);
    });
    it.each(['distributed', 'distributed/mariadb', 'logs', 'anything'])('is refused inside the folder of a running distributed shop, as its %s', async (name) => {
        const url = 'http://localhost:1';
        const launcher = processOf(process.pid);
        writeState(dir, { way: 'distributed', launcher, startedAt: '', url, logs: '', parts: [] });
        const said = oneLine(await refused(...FREE, '--data', join(dir, name)));
        expect(said).toMatch(/^\S+ is in the folder of another shop\. Sock Shop is already running: /);
        expect(readdirSync(dir)).toEqual(['state.json']);
        removeState(dir);
    });
    it('is taken from other users where an older shop left it for all, and a foreign folder keeps its mode', async () => {
        aStoppedShop();
        chmodSync(data, 0o755);
        chmodSync(join(data, 'sock-shop.log'), 0o644);
        await (await started()).stop();
        const modes = () => [data, join(data, 'sock-shop.log')].map((path) => statSync(path).mode & 0o777);
        expect(modes()).toEqual([0o700, 0o600]);
        writeFileSync(join(data, 'holiday.jpg'), '');
        chmodSync(data, 0o755);
        chmodSync(join(data, 'holiday.jpg'), 0o644);
        chmodSync(join(data, 'sock-shop.log'), 0o644);
        await (await started()).stop();
        expect([...modes(), statSync(join(data, 'holiday.jpg')).mode & 0o777]).toEqual([
            0o755, 0o600, 0o644,
        ]);
    });
});
//# sourceMappingURL=embedded-folder.test.js.map