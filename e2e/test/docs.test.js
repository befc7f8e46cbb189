import { expect, it, jest } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import { until } from '@sockshop/testing';
import { violations } from './page-checks.ts';
import { inBrowser, page, shop, window } from './in-browser.ts';
jest.setTimeout(90_000);
inBrowser('the documentation in a browser', () => {
    const route = (id) => page.locator(`details#${id}`);
    const opened = async (id) => {
        await page.goto(`/docs#${id}`);
        await route(id).locator('.details').waitFor();
        return route(id);
    };
    it('shows every route of openapi.json', async () => {
        const response = await fetch(`${shop.url}/openapi.json`);
        const { paths } = (await response.json());
        await page.goto('/docs');
        await page.locator('details.route').first().waitFor();
        const shown = await page.locator('details.route > summary code').allTextContents();
        const all = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map(() => path));
        expect(shown.sort()).toEqual(all.sort());
    });
    it.each(SERVICE_NAMES)('%s has its own document', async (name) => {
        const response = await fetch(`${shop.urls[name]}/openapi.json`);
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ openapi: '3.1.0', paths: { '/health': {} } });
    });
    it("shows a route's parameters, body and answers, and a request for a shell", async () => {
        const add = await opened('cartAdd');
        expect(await add.locator('.parts .name').allTextContents()).toContain('id');
        expect(await add.locator('pre').first().textContent()).toContain(`curl -X POST -b cookies.txt -c cookies.txt -H 'content-type: application/json'`);
        const statuses = await add.locator('.answer .status').allTextContents();
        expect(statuses).toEqual(['201', '400', '403', '404', '409', '413', '415', '503']);
    });
    it('tries a route out and names the trace', async () => {
        const list = await opened('catalogueSocks');
        await list.getByLabel('tags').fill('magic');
        await list.getByRole('button', { name: 'Send' }).click();
        await list.getByText('200 OK').waitFor();
        expect(await list.locator('.try pre').textContent()).toContain('"Holy"');
        const traceId = await list.locator('.try code').textContent();
        expect(traceId).toMatch(/^[0-9a-f]{32}$/);
        const link = list.locator('.try a');
        expect(await link.getAttribute('href')).toBe(`/observatory?trace=${traceId}`);
    });
    it('has a title that follows the address', async () => {
        const title = (expected) => until(() => page.title(), (now) => now === expected);
        await page.goto('/docs');
        await title('The API of the shop · WeaveSocks');
        await page.locator('.contents a[href="#cartAdd"]').click();
        await title('POST /cart · The API of the shop · WeaveSocks');
        await page.locator('.contents a[href="#tag-orders"]').click();
        await title('orders · The API of the shop · WeaveSocks');
        await page.goBack();
        await title('POST /cart · The API of the shop · WeaveSocks');
    });
    it('finds routes by words', async () => {
        await page.goto('/docs');
        await page.getByLabel('Find a route').fill('post orders');
        await page.locator('details.route').first().waitFor();
        expect(await page.locator('details.route > summary code').allTextContents()).toEqual([
            '/orders',
        ]);
    });
    it('works with the keyboard alone', async () => {
        await page.goto('/docs');
        await page.locator('details.route').first().waitFor();
        await page.locator('details#cartLines > summary').focus();
        await page.keyboard.press('Enter');
        await route('cartLines').locator('.details').waitFor();
    });
    it.each(['light', 'dark'])("passes axe's checks, %s", async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        const place = await opened('ordersPlace');
        await place.locator('details.answer > summary').first().click();
        await page.locator('details#catalogueSock > summary').click();
        await route('catalogueSock').locator('.details').waitFor();
        expect(await violations(page)).toEqual([]);
        await window.screenshots(`docs-${colorScheme}`);
        expect(await violations(page)).toEqual([]);
    });
    it('has a Chinese version', async () => {
        await page.goto('/docs');
        await page.locator('#language').click();
        await page.getByText('商店 API').waitFor();
        expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
        const cut = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('#language'))";
        expect(await page.evaluate(cut)).toBe(0); // its text is longer there
        expect(await violations(page)).toEqual([]);
    });
    it('makes no trace and starts no session', async () => {
        for (const path of ['/docs', '/openapi.json']) {
            const response = await fetch(`${shop.url}${path}`);
            expect(response.status).toBe(200);
            expect(response.headers.get('set-cookie')).toBeNull();
            expect(response.headers.get('x-trace-id')).toBeNull();
        }
    });
});
//# sourceMappingURL=docs.test.js.map