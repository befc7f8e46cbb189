import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder, EmbeddedShop } from './embedded-shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';
jest.setTimeout(90_000);
const chromium = process.env['TEST_CHROMIUM'];
let folder;
beforeAll(() => {
    folder = aFolder();
});
afterAll(() => {
    rmSync(folder, { recursive: true });
});
/** Five shoppers for some seconds. The exit code is 1 when a request failed. */
async function load(shop, ...more) {
    const file = join(folder, 'summary.json');
    const options = ['--url', shop.url, '--shoppers', '5', '--duration', '8s', '--think', '20ms'];
    const args = [...options, '--rich', '0.1', '--fail-on-errors', '--json', file, ...more];
    const shoppers = new WorkspaceProcess('loadtest/dist/main.js', args);
    const code = await shoppers.ended;
    if (code !== 0)
        process.stderr.write(shoppers.output);
    return [code, JSON.parse(readFileSync(file, 'utf8'))];
}
/** Total and status of every order in the store, by id. */
async function storedOrders(shop) {
    const stored = new Map();
    for (let page = 0, pages = 1; page < pages; page++) {
        const response = await fetch(`${shop.urls.orders}/orders?page=${page}&size=500`);
        const body = (await response.json());
        pages = body.page.totalPages;
        for (const { total, status, _links } of body._embedded.customerOrders) {
            stored.set(_links.self.href.split('/').at(-1), { total, status });
        }
    }
    return stored;
}
describe('five shoppers', () => {
    let shop;
    beforeAll(async () => {
        shop = await EmbeddedShop.start();
    });
    afterAll(() => shop.stop());
    it('get no error, and every confirmed order is in the store and is shipped', async () => {
        const [code, { orders, unanswered, routes }] = await load(shop);
        expect(code).toBe(0);
        expect(routes.filter(({ outcome }) => outcome === 'error')).toEqual([]);
        expect(orders.length).toBeGreaterThan(10);
        expect(unanswered.length).toBeLessThanOrEqual(5); // cut off by the end of the run
        const stored = await until(() => storedOrders(shop), isAtRest);
        const shipped = orders.map(({ id, total }) => [id, { total, status: 'SHIPPED' }]);
        expect(orders.map(({ id }) => [id, stored.get(id)])).toEqual(shipped);
        const others = [...stored].filter(([, { status }]) => status === 'SHIPPED').length - orders.length;
        expect(others).toBeLessThanOrEqual(unanswered.length);
    });
    it('get no error on any journey, at a rate, as roots of traces', async () => {
        const args = ['--url', shop.url, '--rate', '4/s', '--duration', '8s', '--think', '20ms'];
        const traces = ['--zipkin', shop.tracesUrl, '--fail-on-errors'];
        const shoppers = new WorkspaceProcess('loadtest/dist/main.js', [...args, ...traces]);
        const code = await shoppers.ended;
        if (code !== 0)
            process.stderr.write(shoppers.output);
        expect(code).toBe(0);
        const query = `${shop.tracesUrl}/api/v2/traces?serviceName=load-generator&limit=5`;
        const found = await until(async () => (await (await fetch(query)).json()), (traces) => traces.length === 5);
        for (const spans of found) {
            const ids = new Set(spans.map(({ id }) => id));
            const roots = spans.filter(({ parentId }) => parentId === undefined || !ids.has(parentId));
            expect(roots.map(({ localEndpoint }) => localEndpoint.serviceName)).toEqual([
                'load-generator',
            ]);
            expect(spans.some(({ localEndpoint }) => localEndpoint.serviceName === 'front-end')).toBe(true);
        }
    });
    (chromium ? it : it.skip)('see the pages in windows of a real browser', async () => {
        const args = ['--url', shop.url, '--shoppers', '1', '--browser', '1', '--metrics-port', '0'];
        const shoppers = new WorkspaceProcess('loadtest/dist/main.js', [...args, '--fail-on-errors'], {
            CHROMIUM: chromium ?? '',
        });
        const [, metrics = ''] = await shoppers.said(/^metrics: (.+)$/m);
        const visited = 'loadtest_visit_duration_seconds_count{journey="browser",done="true"} ';
        await until(async () => (await (await fetch(metrics)).text()).includes(visited));
        await shoppers.stop('SIGINT');
        expect(shoppers.output).toMatch(/^browser \/basket\.html +shown /m);
        expect(shoppers.output).toMatch(/, 0 errors\n$/);
    });
});
describe('five shoppers who share a customer and its cart', () => {
    let shop;
    beforeAll(async () => {
        shop = await EmbeddedShop.start({ env: { ALLOW_EMPTY_ORDERS: 'true' } });
    });
    afterAll(() => shop.stop());
    it('get no 5xx, and every confirmed order is in the store', async () => {
        const [code, { orders, routes }] = await load(shop, '--shared-user');
        expect(code).toBe(0);
        expect(routes.filter(({ status }) => status.startsWith('5'))).toEqual([]);
        expect(orders.length).toBeGreaterThan(10);
        const stored = await storedOrders(shop);
        expect(orders.filter(({ id, total }) => stored.get(id)?.total !== total)).toEqual([]);
    });
});
function isAtRest(stored) {
    return [...stored.values()].every(({ status }) => /^(SHIPPED|PAYMENT_FAILED|CANCELLED)$/.test(status));
}
//# sourceMappingURL=load.test.js.map