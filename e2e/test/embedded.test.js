import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { rmSync } from 'node:fs';
import { aFolder, EMBEDDED, EmbeddedShop } from './embedded-shop.ts';
import { isShipped, journey } from './journey.ts';
import { WorkspaceProcess } from './workspace-process.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
jest.setTimeout(60_000);
describe('the shop in one process', () => {
    let shop;
    beforeAll(async () => {
        shop = await EmbeddedShop.start();
    });
    afterAll(async () => {
        expect(await shop.stop()).toEqual([0]);
    });
    journey(() => shop);
    it.each([
        ['--port', (it) => it.url],
        ['--trace-port', (it) => it.tracesUrl],
    ])('ends with one line and code 1 when the port of %s is in use', async (option, urlOf) => {
        const port = Number(new URL(urlOf(shop)).port);
        const data = aFolder();
        const free = ['--port', '0', '--trace-port', '0', '--data', data];
        const other = new WorkspaceProcess(EMBEDDED, [...free, option, String(port)]);
        expect(await other.ended).toBe(1);
        const line = /^Port (\d+), for [^\n]+, is in use[^\n]*\. .*[Cc]hoose another with: npm start -- (--\S+) N\n$/;
        const [, named, choice] = line.exec(other.output) ?? [other.output];
        // The services take the ports after the shop's own; each of them may be in use too.
        const offset = Number(named) - port;
        expect([choice, offset >= 0 && offset <= (option === '--port' ? 7 : 0)]).toEqual([
            option,
            true,
        ]);
        rmSync(data, { recursive: true });
    });
});
describe('a shop that restarts', () => {
    const eve = aCustomer('eve-again');
    let data;
    let shop;
    beforeAll(async () => {
        data = aFolder();
        shop = await EmbeddedShop.start({ data });
    });
    afterAll(async () => {
        await shop.stop();
        rmSync(data, { recursive: true });
    });
    it('stops with code 0 on SIGINT and on SIGTERM', async () => {
        expect(await shop.stop('SIGINT')).toEqual([0]);
        shop = await EmbeddedShop.start({ data });
        expect(await shop.stop('SIGTERM')).toEqual([0]);
        shop = await EmbeddedShop.start({ data });
    });
    it('keeps its customers, their sessions, carts and orders; --reset deletes them', async () => {
        const before = new Shopper(shop.url);
        await before.settled(eve, ADDRESS, CARD);
        await before.post('/cart', { id: SOCKS.figueroa.id });
        const { body: order } = await before.post('/orders');
        const { id } = order;
        await until(() => before.get(`/orders/${id}`), isShipped);
        await before.post('/cart', { id: SOCKS.nerd.id });
        const { body: orders } = await before.get('/orders');
        const { body: cart } = await before.get('/cart');
        await shop.stop();
        shop = await EmbeddedShop.start({ data });
        const after = new Shopper(shop.url);
        for (const [name, value] of before.cookies)
            after.cookies.set(name, value);
        expect((await after.get('/orders')).body).toEqual(orders);
        expect((await after.get('/cart')).body).toEqual(cart);
        expect((await new Shopper(shop.url).logIn(eve.username, eve.password)).status).toBe(200);
        await shop.stop();
        shop = await EmbeddedShop.start({ data, args: ['--reset'] });
        const stranger = new Shopper(shop.url);
        expect((await stranger.logIn(eve.username, eve.password)).status).toBe(401);
        await stranger.settled(eve, ADDRESS, CARD);
        expect((await stranger.get('/orders')).body).toEqual([]);
        expect((await stranger.get('/cart')).body).toEqual([]);
    });
    it('ships an order that was in progress when the shop was killed', async () => {
        await shop.stop();
        shop = await EmbeddedShop.start({ data, env: { SHIPPING_DURATION_MS: '60000' } });
        const before = new Shopper(shop.url);
        await before.logIn('user', 'password');
        await before.post('/cart', { id: SOCKS.classic.id });
        const { body: order } = await before.post('/orders');
        expect(order).toMatchObject({ status: 'SHIPPING' });
        expect(await shop.stop('SIGKILL')).toEqual([null]);
        shop = await EmbeddedShop.start({
            data,
            env: { SWEEP_INTERVAL_MS: '200', SWEEP_AFTER_MS: '500' },
        });
        const after = new Shopper(shop.url);
        await after.logIn('user', 'password');
        const { id } = order;
        const shipped = await until(() => after.get(`/orders/${id}`), isShipped);
        const { history } = shipped.body;
        expect(history.map(({ status }) => status)).toEqual(['CREATED', 'PAID', 'SHIPPING', 'SHIPPED']);
    });
});
//# sourceMappingURL=embedded.test.js.map