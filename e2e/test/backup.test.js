import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder, EmbeddedShop } from './embedded-shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
jest.setTimeout(120_000);
const BACKUP = 'tools/backup/dist/main.js';
describe('npm run backup and npm run restore of the shop in one process', () => {
    const eve = aCustomer('eve-saved');
    let dir;
    let data;
    let file;
    let shop;
    let guest;
    let session;
    beforeAll(() => {
        dir = aFolder();
        data = join(dir, 'embedded');
        file = join(dir, 'shop.backup');
    });
    afterAll(async () => {
        await shop.stop();
        rmSync(dir, { recursive: true });
    });
    const start = async (shippingMs) => {
        shop = await EmbeddedShop.start({ data, env: { SHIPPING_DURATION_MS: String(shippingMs) } });
    };
    const command = async (...args) => {
        const run = new WorkspaceProcess(BACKUP, [...args, '--dir', dir], { INIT_CWD: dir });
        return [await run.ended, run.output];
    };
    const ordered = async (shopper) => {
        expect((await shopper.post('/cart', { id: SOCKS.nerd.id })).status).toBe(201);
        expect((await shopper.post('/orders')).status).toBe(201);
    };
    const ordersOf = async (shopper) => (await shopper.get('/orders')).body;
    /** The same client with its cookies, at the restarted shop. */
    const returned = (shopper) => {
        const again = new Shopper(shop.url);
        for (const [name, value] of shopper.cookies)
            again.cookies.set(name, value);
        return again;
    };
    it("saves a running shop while shoppers write, to a path relative to the caller's folder", async () => {
        await start(600_000);
        session = new Shopper(shop.url);
        await session.settled(eve, ADDRESS, CARD);
        await ordered(session);
        await until(() => ordersOf(session), ([order]) => order?.status === 'SHIPPING');
        guest = new Shopper(shop.url);
        await guest.post('/cart', { id: SOCKS.holy.id });
        const other = new Shopper(shop.url);
        const saved = new AbortController();
        const running = command('backup', 'shop.backup').finally(() => {
            saved.abort();
        });
        const answers = new Set();
        while (!saved.signal.aborted)
            answers.add((await other.post('/cart', { id: SOCKS.classic.id })).status);
        const [code, output] = await running;
        expect(output).toMatch(/^Saved of the embedded shop: 4 customers, 5 addresses, 5 cards, \d cart lines, 1 orders, 10 socks\n[\d.]+ KiB in [\d.]+ s: \S+shop\.backup\n$/);
        expect([code, [...answers]]).toEqual([0, [201]]);
    });
    it('refuses to restore while the shop runs', async () => {
        expect(await command('restore', file)).toEqual([
            1,
            expect.stringMatching(/^Sock Shop is already running: \S+ \(process \d+\)\. End it with: npm run stop -- --dir \S+\n$/),
        ]);
    });
    it('changes nothing when the file is truncated', async () => {
        await ordered(session);
        await shop.stop();
        const sums = () => readdirSync(data).map((name) => {
            const bytes = readFileSync(join(data, name));
            return `${name} ${createHash('sha256').update(bytes).digest('hex')}`;
        });
        const before = sums();
        const cut = join(dir, 'cut');
        const whole = readFileSync(file);
        writeFileSync(cut, whole.subarray(0, whole.length - 20));
        expect(await command('restore', cut)).toEqual([1, `${cut} is cut off: nothing was changed.\n`]);
        expect(sums()).toEqual(before);
    });
    it.each([
        ['later changes', false],
        ['an empty folder, as on another machine', true],
    ])('restores exactly the old state over %s', async (_title, empty) => {
        if (empty) {
            await shop.stop();
            rmSync(data, { recursive: true });
        }
        const [code, output] = await command('restore', file);
        expect([code, output]).toEqual([
            0,
            expect.stringMatching(/^Restored the embedded shop as of \S+: 4 customers, .*\nDone in [\d.]+ s\n$/),
        ]);
        await start(100);
        // Still logged in, with the old cookies.
        const orders = await until(() => ordersOf(returned(session)), ([order]) => order?.status === 'SHIPPED');
        const steps = orders.map(({ history }) => history.map(({ status }) => status));
        expect(steps).toEqual([['CREATED', 'PAID', 'SHIPPING', 'SHIPPED']]);
        expect((await returned(guest).get('/cart')).body).toEqual([
            expect.objectContaining({ itemId: SOCKS.holy.id, quantity: 1 }),
        ]);
        await ordered(returned(session));
        await new Shopper(shop.url).registered(aCustomer(`later-${String(empty)}`));
        if (!empty)
            await shop.stop();
    });
    it('does not replace databases that may be of another program', async () => {
        const other = join(dir, 'other');
        mkdirSync(other);
        writeFileSync(join(other, 'user.db'), 'mine');
        const run = new WorkspaceProcess(BACKUP, ['restore', file, '--data', other]);
        expect([await run.ended, run.output]).toEqual([
            1,
            `${other} has databases, but neither of session.key and sock-shop.log: they may not be a shop's, and are not replaced.\n`,
        ]);
        expect(readdirSync(other)).toEqual(['user.db']);
        expect(readFileSync(join(other, 'user.db'), 'utf8')).toBe('mine');
    });
    it('asks which shop when there are two', async () => {
        await shop.stop();
        mkdirSync(join(dir, 'distributed', 'mariadb', 'data'), { recursive: true });
        const [code, output] = await command('backup', file);
        expect([code, output]).toEqual([
            1,
            'There are two shops: say which with --way embedded or --way distributed.\n',
        ]);
        expect((await command('backup', file, '--way', 'embedded'))[0]).toBe(0);
        expect(await command('restore', file, '--way', 'distributed')).toEqual([
            1,
            'The backup is of the embedded shop; its data do not fit the distributed one.\n',
        ]);
    });
});
//# sourceMappingURL=backup.test.js.map