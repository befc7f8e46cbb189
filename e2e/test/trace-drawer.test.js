import { expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import axe from 'axe-core';
import { holdBackShipping } from './held-back-shipping.ts';
import { inBrowser, page, shop, window } from './in-browser.ts';
import { Shopper, SOCKS } from './shopper.ts';
import { CONNECTED } from './service-map.ts';
jest.setTimeout(90_000);
inBrowser('the trace drawer', () => {
    const drawer = () => page.locator('dialog.trace-drawer');
    const handle = () => page.locator('.trace-handle');
    const action = (name) => drawer().locator('.td-list button', { hasText: name }).first();
    async function logIn(password = 'password') {
        await page.goto('/');
        await page.locator('a', { hasText: 'Login' }).first().click();
        await page.locator('#login-modal form [name=username]').fill('user');
        await page.locator('#login-modal form [name=password]').fill(password);
        await page.locator('#login-modal form button.btn.btn-primary').click();
    }
    async function addToCart() {
        await page.goto(`/detail.html?id=${SOCKS.figueroa.id}`);
        await page.locator('a', { hasText: 'Add to cart' }).first().click();
        await page.getByText('1 item(s) in cart').filter({ visible: true }).first().waitFor();
    }
    /** Each line of the waterfall: depth, service, name. */
    async function rows(within) {
        const found = page.locator(`${within} [role=row][aria-level]`);
        return Promise.all((await found.all()).map(async (row) => ({
            level: Number(await row.getAttribute('aria-level')),
            service: (await row.locator('.wf-service').textContent()),
            span: (await row.locator('.wf-span').textContent()),
        })));
    }
    async function violations() {
        await page.evaluate(axe.source);
        return page.evaluate('axe.run(".trace-dock").then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))');
    }
    it("shows an order from the click through the queue, on each page and on the order's page", async () => {
        await logIn();
        await page.getByText('Logged in as User Name').filter({ visible: true }).first().waitFor();
        await addToCart();
        const release = await holdBackShipping('**/trace/mine/*');
        await page.goto('/basket.html');
        await page.locator('button#orderButton:not([disabled])').click();
        await page.waitForURL('**/customer-order.html?order=/orders/*');
        await handle().click();
        await action('place order').click();
        await drawer().getByText('a message waits in its queue').waitFor();
        release();
        await drawer().locator('.wf-span', { hasText: 'process shipment-events' }).waitFor();
        expect(await drawer().locator('.td-sum').textContent()).not.toMatch(/running|waits|never/);
        const whole = await until(() => rows('.trace-drawer'), (found) => found[0]?.service === 'storefront' && found.length >= 38);
        expect(whole.slice(0, 3)).toEqual([
            { level: 1, service: 'storefront', span: 'place order' },
            { level: 2, service: 'storefront', span: 'POST /orders' },
            { level: 3, service: 'front-end', span: 'POST /orders' },
        ]);
        const way = [
            'shipping publish',
            'queue-master process',
            'queue-master publish',
            'orders process',
        ];
        const places = way.map((step) => whole.findIndex(({ service, span }) => `${service} ${span}`.startsWith(step)));
        expect(places.map((place) => whole[place]?.level)).toEqual([0, 1, 2, 3].map((more) => whole[places[0]].level + more));
        expect(new Set(whole.map(({ service }) => service))).toEqual(new Set(['storefront', ...CONNECTED.filter((name) => name !== 'catalogue')]));
        await drawer().locator('.wf-title', { hasText: 'POST /paymentAuth' }).last().click();
        const tag = drawer().locator('.span-details dl > div', {
            hasText: 'http.response.status_code',
        });
        expect(await tag.locator('dd').textContent()).toBe('200');
        await drawer().locator('.sd-logs li', { hasText: 'payment authorised' }).waitFor();
        expect(await violations()).toEqual([]);
        await window.screenshots('trace-drawer');
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await drawer().locator('.td-id').click();
        await drawer().getByText('Copied').waitFor({ state: 'attached' });
        const traceId = await page.evaluate('navigator.clipboard.readText()');
        expect(traceId).toBe(await drawer().locator('.td-id code').textContent());
        const stranger = new Shopper(shop.url);
        await stranger.get('/');
        expect((await stranger.get(`/trace/mine/${traceId}`)).status).toBe(404);
        const theirs = (await stranger.get('/trace/mine')).body;
        expect(theirs.traces.map((trace) => trace.traceId)).not.toContain(traceId);
        await drawer().locator('.td-close').click();
        await page.locator('#order-trace .wf-span', { hasText: 'place order' }).waitFor();
        const link = page.locator('#order-trace .trace a');
        expect(await link.getAttribute('href')).toBe(`/observatory?trace=${traceId}`);
        expect(await rows('#order-trace')).toEqual(whole);
    });
    it('loads when it is opened, stays open on the next page and closes with Escape', async () => {
        const scripts = [];
        page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
        await page.goto('/');
        await page.locator('#hot-slider .product').first().waitFor();
        expect(scripts.filter((path) => path.includes('/drawer-'))).toEqual([]);
        await handle().click();
        await action('page load /').waitFor();
        await page.goto('/category.html');
        await action('page load /category.html').click();
        await drawer().locator('.wf-title', { hasText: 'documentLoad /category.html' }).click();
        await drawer().getByText('firstContentfulPaint').waitFor();
        await drawer().locator('.wf-title', { hasText: 'documentFetch /category.html' }).waitFor();
        await page.keyboard.press('Escape');
        await drawer().waitFor({ state: 'detached' });
        const focused = "document.activeElement.matches('.trace-handle')";
        expect(await page.evaluate(focused)).toBe(true);
        await page.reload();
        await handle().waitFor();
        expect(await drawer().count()).toBe(0);
    });
    it('takes the focus when it is opened by a click, and not when a page begins with it', async () => {
        const focused = () => page.evaluate('document.activeElement.id || document.activeElement.className || document.activeElement.tagName');
        await page.goto('/');
        await handle().focus();
        await page.keyboard.press('Enter');
        await action('page load /').waitFor();
        expect(await focused()).toBe('trace-drawer-title');
        await page.goto('/category.html');
        await action('page load /category.html').waitFor();
        expect(await focused()).toBe('BODY');
        await page.keyboard.press('Tab');
        expect(await focused()).toBe('skip');
        const search = page.getByRole('searchbox');
        await search.focus();
        const id = await focused();
        await page.setViewportSize({ width: 1000, height: 700 });
        expect(await focused()).toBe(id);
        await search.press('Escape'); // meant for the field
        expect(await drawer().count()).toBe(1);
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto('/category.html');
        await page.locator('#products .product').first().waitFor();
        expect([await drawer().count(), await focused()]).toEqual([0, 'BODY']); // it would cover the page
    });
    it('can be navigated with keys', async () => {
        await addToCart();
        await handle().click();
        await action('add to cart').click();
        const first = drawer().locator('[role=row][aria-level="1"]').first();
        await first.locator('.wf-span', { hasText: 'add to cart' }).waitFor();
        const active = () => page.evaluate("document.activeElement.querySelector('.wf-span')?.textContent ?? ''");
        await first.focus();
        await page.keyboard.press('ArrowDown');
        expect(await active()).toBe('POST /cart');
        await page.keyboard.press('Enter');
        await drawer().locator('.span-details').getByText('/cart', { exact: true }).first().waitFor();
        await page.keyboard.press('ArrowLeft');
        expect(await drawer().locator('[role=row][aria-level="2"]').first().getAttribute('aria-expanded')).toBe('false');
        await page.keyboard.press('ArrowLeft');
        expect(await active()).toBe('add to cart');
    });
    it('shows where the last action failed', async () => {
        await logIn('wrong');
        await page.locator('#login-message [role=alert]').waitFor();
        await page.keyboard.press('Escape');
        await page.locator('#login-modal').waitFor({ state: 'hidden' });
        await handle().getByText('the last action failed').waitFor({ state: 'attached' });
        await handle().click();
        await action('log in').locator('.wf-error').waitFor();
        const expected = /^(401 for|console: Failed to load resource: the server responded with a status of 401)/;
        expect(window.problems.splice(0).filter((problem) => !expected.test(problem))).toEqual([]);
    });
    it.each([1024, 1072, 1088, 1280, 1440])('covers no control of a page %d px wide', async (width) => {
        await page.setViewportSize({ width, height: 800 });
        await page.goto('/category.html');
        await page.locator('#products .product').nth(5).waitFor();
        const place = (await handle().boundingBox());
        const content = (await page.locator('#footer .container').boundingBox());
        const beside = place.x >= content.x + content.width && place.x + place.width <= width;
        const ownRow = (await page.locator('.trace-dock').boundingBox()).width >= width;
        expect([beside, ownRow]).toEqual([width > 1072, width <= 1072]);
    });
    it("fills a phone's screen and leads back to the list", async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        await addToCart();
        await handle().click();
        await action('add to cart').click();
        await drawer().locator('.wf-span', { hasText: 'POST /cart' }).first().waitFor();
        expect(await violations()).toEqual([]);
        await drawer().getByText('All traces').click();
        await action('add to cart').waitFor();
    });
});
const NO_STORE = { TRACES_URL: 'http://127.0.0.1:9' }; // the discard port, where nothing listens
inBrowser('the trace drawer with a Zipkin', () => {
    it("leads to the trace's page in Zipkin, in a new window", async () => {
        await page.goto(`/detail.html?id=${SOCKS.nerd.id}`);
        await page.locator('.trace-handle').click();
        const link = page.locator('.trace-drawer a', { hasText: 'Open in Zipkin' });
        const code = page.locator('.trace-drawer .td-id code');
        const both = async () => [await link.getAttribute('href'), await code.textContent()];
        const same = ([href, id]) => /^[\da-f]{32}$/.test(id ?? '') && href === `http://zipkin/zipkin/traces/${id}`;
        await until(both, same); // it may just go on to the next one
        expect(await link.getAttribute('target')).toBe('_blank');
    });
}, { env: { TRACES_PUBLIC_URL: 'http://zipkin' } });
inBrowser('the trace drawer without its trace store', () => {
    it('reports it, and the shop works', async () => {
        await page.goto(`/detail.html?id=${SOCKS.nerd.id}`);
        await page.locator('.trace-handle').click();
        await page.getByText('The trace store is unavailable.').waitFor();
        await page.locator('a', { hasText: 'Add to cart' }).first().click();
        await page.getByText('1 item(s) in cart').filter({ visible: true }).first().waitFor();
        await page.goto('about:blank'); // it asks again and again
        const expected = /^(503 for|console: Failed to load resource: the server responded with a status of 503)/;
        const all = window.problems.splice(0);
        expect(all.filter((problem) => !expected.test(problem))).toEqual([]);
    });
}, { env: NO_STORE });
//# sourceMappingURL=trace-drawer.test.js.map