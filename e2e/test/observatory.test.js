import { expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { violations } from './page-checks.ts';
import { CALLS, CONNECTED } from './service-map.ts';
import { inBrowser, page, shop, window } from './in-browser.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
jest.setTimeout(90_000);
/** The page also shows the traffic of earlier tests. */
const ALL = '/observatory?window=300';
inBrowser('the Observatory in a browser', () => {
    let shopper;
    const part = (name) => page.locator('.part', { hasText: name });
    const row = (table, ...texts) => texts.reduce((rows, hasText) => rows.filter({ hasText }), page.locator(`table.${table} tbody tr`));
    const traces = () => page.locator('table.traces tbody tr');
    /** Rows of the table that belongs to the map. */
    async function rateOf(name) {
        const has = page.locator('th', { hasText: new RegExp(`^${name}\\s*( \\d|$)`) });
        const cells = page.locator('.map-table tr', { has }).locator('td');
        return Number.parseFloat((await cells.first().textContent()));
    }
    async function order(...socks) {
        for (const { id } of socks)
            await shopper.post('/cart', { id });
        return shopper.post('/orders');
    }
    it('explains how to make traffic while there is none', async () => {
        await page.goto('/observatory');
        await page.getByText('No traffic yet').waitFor();
        await page.getByText('npm run load').waitFor();
        expect(await page.locator('a', { hasText: 'Open the shop' }).getAttribute('href')).toBe('/');
    });
    it('draws the services and the calls that traffic made', async () => {
        await page.goto('/observatory');
        shopper = new Shopper(shop.url);
        await shopper.get('/catalogue?size=5');
        await shopper.settled(aCustomer(`ada-${randomBytes(3).toString('hex')}`), ADDRESS, CARD);
        expect((await order(SOCKS.nerd)).status).toBe(201);
        for (const name of CONNECTED)
            await part(name).waitFor(); // without a reload
        await page.getByText('The map as a table').click();
        for (const name of [
            ...CONNECTED.map((service) => `${service} service`),
            ...CALLS.map((call) => call.join(' → ')),
            'shipping → queue',
            'queue → queue-master',
            'queue-master → queue',
            'queue → orders',
        ]) {
            await until(() => rateOf(name), (rate) => rate > 0);
        }
        expect(await page.locator('.label').count()).toBe(12);
        await row('work', 'POST /orders', 'front-end').waitFor();
        expect(await row('work', 'POST /orders').count()).toBe(2); // the other one is that of orders
        await window.screenshots('observatory');
    });
    it('keeps every part in its place while traffic continues', async () => {
        await page.goto(ALL);
        await part('queue-master').waitFor();
        const before = await placesOf();
        const asked = page.waitForResponse(/\/observatory\/api\/traffic/);
        await shopper.get('/catalogue?size=3');
        await asked;
        await (await page.waitForResponse(/\/observatory\/api\/traffic/)).finished();
        expect(await placesOf()).toEqual(before);
    });
    it('shows the routes and traces of the part or call chosen on the map', async () => {
        await page.goto(ALL);
        await part('payment').click();
        await page.waitForURL('**/observatory?window=300&service=payment');
        await row('work', 'front-end').waitFor({ state: 'detached' });
        await row('work', 'POST /paymentAuth').waitFor();
        await row('traces', 'POST /orders').waitFor();
        await page.goBack();
        await row('work', 'front-end').first().waitFor();
        await page.locator('.label', { hasText: 'front-end → orders' }).click();
        await page.waitForURL('**/observatory?window=300&service=orders&from=front-end');
        await row('work', 'POST /orders', 'orders').waitFor();
    });
    it.each([
        ['front-end → user', 'GET /login', 'POST /orders'],
        ['orders → user', 'POST /orders', 'GET /login'],
        ['orders → carts', 'POST /orders', 'POST /cart'],
        ['queue → queue-master', 'POST /orders', 'POST /cart'],
        ['queue → orders', 'POST /orders', 'GET /orders'],
    ])('lists the calls and traces of the edge %s', async (edge, its, others) => {
        const other = new Shopper(shop.url);
        await other.logIn('user', 'password');
        await other.get('/orders');
        await page.goto(ALL);
        await row('traces', 'GET /orders').first().waitFor();
        await page.locator('.label', { hasText: edge }).click();
        await row('traces', others).first().waitFor({ state: 'detached' });
        await row('traces', its).first().waitFor();
        const places = await page.locator('table.work tbody td.place').allTextContents();
        expect(new Set(places.map((place) => place.trim()))).toEqual(new Set([edge]));
        const counts = await page.locator('table.work tbody td:nth-child(7)').allTextContents();
        const sum = counts.reduce((all, count) => all + Number(count), 0);
        await page.getByText('The map as a table').click();
        const has = page.locator('th', { hasText: edge });
        const ofMap = page.locator('.map-table tr', { has }).locator('td').nth(1);
        expect(await ofMap.textContent()).toBe(String(sum));
        expect(await page.locator('.search select').inputValue()).toBe('edge');
        await page.locator('.chip').click();
        await row('traces', others).first().waitFor();
    });
    it('counts the requests to the shop in its headline as the front-end does on the map', async () => {
        await page.goto(ALL);
        await part('front-end').waitFor();
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('The map as a table').click();
        const has = page.locator('th', { hasText: 'front-end service' });
        const ofMap = await page.locator('.map-table tr', { has }).locator('td').allTextContents();
        const note = (await page.locator('.headline .note').first().textContent());
        expect(note).toBe(`${ofMap[1]} in the last 5 minutes`);
        const values = await page.locator('.headline .value').allTextContents();
        expect([values[0], values[2], values[3]]).toEqual([ofMap[0], ofMap[4], ofMap[3]]);
    });
    it('says the same of a trace in its row and in its sheet', async () => {
        await page.goto('/observatory?name=post+/orders');
        const line = row('traces', 'POST /orders', '201').first();
        const [outcome, response, time, spans, services] = await until(() => line.locator('td').allTextContents(), (cells) => Number(cells[3]) >= 35 && cells[0] === '201');
        await line.click();
        await page.locator('dialog.sheet .facts').waitFor();
        const facts = await page.locator('.facts dd').allTextContents();
        const inOrder = [facts[0], facts[1], facts[3], facts[4], facts[5]];
        expect(inOrder).toEqual([outcome, response, time, spans, services]);
        expect(await page.locator('.sheet .wf-row[data-key]').count()).toBe(Number(spans));
        expect(await page.locator('.sheet .state').textContent()).toBe('');
    });
    it('shows errors and the 95th percentile on a phone', async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto(ALL);
        await row('work', 'POST /orders').first().waitFor();
        for (const name of ['Errors', 'p95']) {
            const column = page.locator('table.work').getByRole('columnheader', { name });
            const { x, width } = (await column.boundingBox());
            expect(x + width).toBeLessThanOrEqual(390);
        }
        expect(await violations(page)).toEqual([]);
    });
    it('sorts by each column and leads from a route to its traces', async () => {
        await page.goto(ALL);
        const names = page.locator('table.work tbody th button');
        await names.first().waitFor();
        const route = page.getByRole('columnheader', { name: 'Route' }).first();
        await route.getByRole('button').click();
        const upward = await names.allTextContents();
        expect(upward).toEqual([...upward].sort());
        expect(await route.getAttribute('aria-sort')).toBe('ascending');
        await row('work', 'GET /catalogue', 'front-end').getByRole('button').click();
        await page.waitForURL('**/observatory?window=300&service=front-end&name=GET+%2Fcatalogue');
        const title = 'GET /catalogue · front-end · Observatory · WeaveSocks';
        expect(await page.title()).toBe(title);
        await row('traces', 'POST /orders').waitFor({ state: 'detached' });
        await row('traces', 'GET /catalogue').first().waitFor();
    });
    it('finds a declined payment among all traces and opens it at its own address', async () => {
        await page.goto('/observatory');
        await traces().first().waitFor();
        await page.getByLabel('Errors only').check();
        await page.getByText('No matching traces in the last hour.').waitFor();
        const declined = await order(SOCKS.holy, SOCKS.nerd);
        expect(declined.status).toBe(406);
        await row('traces', 'POST /orders', '406').click(); // found without a reload
        expect(await traces().count()).toBe(1);
        await page.waitForURL(`**/observatory?errors=1&trace=${declined.traceId}`);
        const spans = page.locator('dialog.sheet .wf-row');
        await spans.filter({ hasText: 'POST /paymentAuth' }).first().waitFor();
        expect(await violations(page)).toEqual([]);
        await page.goBack();
        await page.locator('dialog.sheet').waitFor({ state: 'detached' });
        await page.goto(`/observatory?trace=${declined.traceId}`);
        await spans.filter({ hasText: 'POST /paymentAuth' }).first().waitFor();
        await page
            .getByText('front-end called orders and got 406 (refused) for POST /orders.')
            .waitFor();
        await page.getByRole('button', { name: 'Show the first error' }).click();
        const first = page.locator('.wf-row:focus');
        expect(await first.locator('.wf-first').textContent()).toBe('first error');
        expect(await first.locator('.wf-service').textContent()).toBe('front-end');
        await first.getByText('http.response.status_code').waitFor();
        await window.screenshots('observatory-trace');
        await page.keyboard.press('Escape');
        await page.waitForURL(/\/observatory$/);
    });
    it('opens the trace whose ID is typed or pasted, and says why it cannot', async () => {
        const { traceId } = await shopper.get('/catalogue?size=2');
        await page.goto('/observatory');
        const box = page.getByLabel('Trace ID');
        const open = page.getByRole('button', { name: 'Open', exact: true });
        for (const text of ['4711', 'no trace', `${traceId}0`]) {
            await box.fill(text);
            await open.click();
            await page.getByText('A trace ID has 32 or 16 hex digits').waitFor();
        }
        for (const text of ['0123456789abcdef', 'F'.repeat(32)]) {
            await box.fill(text);
            await open.click();
            await page.getByText('No trace with this ID was found.').waitFor();
        }
        expect(await violations(page)).toEqual([]);
        const unknown = /^(404 for|console: Failed to load resource: .* 404)/;
        expect(window.problems.splice(0).filter((problem) => !unknown.test(problem))).toEqual([]);
        await until(() => shopper.get(`/observatory/api/traces/${traceId}`), ({ status }) => status === 200);
        const written = ` ${traceId.toUpperCase().replaceAll(/.{8}/g, '$& ')}`;
        for (const text of [
            written,
            `00-${traceId}-00f067aa0ba902b7-01`,
            `${shop.url}/observatory?trace=${traceId}`,
        ]) {
            await box.fill(text);
            await page.keyboard.press('Enter');
            await page.waitForURL(`**/observatory?trace=${traceId}`);
            await page.locator('dialog.sheet .wf-span').first().waitFor();
            await page.keyboard.press('Escape');
            await page.waitForURL(/\/observatory$/);
        }
    });
    it('finds the traces of one customer', async () => {
        await page.goto('/observatory');
        const me = await shopper.get('/trace/me');
        const { pseudoId } = me.body;
        await page.getByLabel('Customer').fill(pseudoId);
        await row('traces', 'POST /orders', '406').waitFor();
        await page.getByLabel('Customer').fill('0123456789ab');
        await page.getByText('No matching traces in the last hour.').waitFor();
        await page.goBack(); // all that was typed into one field is one step
        await page.waitForURL(/\/observatory$/);
    });
    it('does not change while it is paused', async () => {
        await page.goto('/observatory');
        await traces().first().waitFor();
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('Paused').waitFor();
        let asked = 0;
        page.on('request', (request) => {
            if (request.url().includes('/api/traffic'))
                asked += 1;
        });
        await page.getByRole('button', { name: '5 min' }).click(); // another question is answered all the same
        await until(() => Promise.resolve(asked), (times) => times === 1);
        await page.getByRole('button', { name: 'Resume' }).click();
        await until(() => Promise.resolve(asked), (times) => times > 1);
    });
    it.each(['light', 'dark'])("passes axe's checks: %s", async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        await page.goto(ALL);
        await part('queue-master').waitFor();
        await traces().first().waitFor();
        expect(await violations(page)).toEqual([]);
    });
    it.each([1280, 1440])('shows all columns of its tables on a page %d px wide', async (width) => {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(ALL);
        await traces().first().waitFor();
        expect(await page.evaluate(CUT_TABLES)).toEqual([]);
    });
    it('is in Chinese for those who choose it', async () => {
        await page.goto('/observatory');
        await page.getByRole('button', { name: '中文' }).click();
        await page.getByText('服务地图').waitFor();
        expect(await page.evaluate('document.documentElement.lang')).toMatch(/^zh/);
    });
    it("adds nothing to the shop's first page", async () => {
        const scripts = [];
        page.on('request', (request) => scripts.push(request.url()));
        await page.goto('/', { waitUntil: 'networkidle' });
        expect(scripts.filter((url) => url.includes('/assets/')).length).toBeGreaterThan(0);
        expect(scripts.filter((url) => url.includes('observatory'))).toEqual([]);
    });
});
inBrowser('the Observatory, switched off,', () => {
    it('answers 404, and no page leads to it', async () => {
        for (const path of ['/observatory', '/observatory/api/traffic', '/observatory/api/traces']) {
            expect((await fetch(shop.url + path)).status).toBe(404);
        }
        for (const path of ['/', '/nosuch.html']) {
            await page.goto(path);
            await page.locator('#footer a', { hasText: 'API' }).waitFor();
            expect(await page.locator('a[href^="/observatory"]').count()).toBe(0);
        }
        await page.goto('/');
        await page.reload(); // the browser has the page and asks only whether it is still the same
        await page.locator('#footer a', { hasText: 'API' }).waitFor();
        expect(await page.locator('a[href^="/observatory"]').count()).toBe(0);
        expect(window.problems.splice(0).filter((problem) => !problem.includes('404'))).toEqual([]);
    });
}, { env: { OBSERVATORY: 'off' } });
const CUT_TABLES = "[...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.firstElementChild.className)";
/** As text: what runs in the page does not know Node's types, nor Node the page's. */
const PLACES = "[...document.querySelectorAll('.react-flow__node')].map((part) => part.dataset.id + ' ' + part.style.transform)";
function placesOf() {
    return page.evaluate(PLACES);
}
//# sourceMappingURL=observatory.test.js.map