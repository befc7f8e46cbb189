import { expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { inBrowser, page, shop } from './in-browser.ts';
jest.setTimeout(90_000);
const PATH = 'sockshop.browser.path';
inBrowser('the load of a page', () => {
    const traces = async () => {
        const response = await fetch(`${shop.tracesUrl}/api/v2/traces?limit=100`);
        return (await response.json());
    };
    /** The trace of the load of `path`, when the browser has sent the span `last` of it. */
    async function loadOf(path, last) {
        const isOf = (spans) => spans.some((span) => span.name === 'documentload' && span.tags[PATH] === path) &&
            spans.some((span) => span.name === last);
        return (await until(traces, (found) => found.some(isOf))).find(isOf);
    }
    it('is the root of all that it caused, and no span starts before its parent', async () => {
        await page.goto('/category.html');
        await page.locator('#products .product').nth(5).waitFor();
        const spans = await loadOf('/category.html', 'documentload');
        const byId = new Map(spans.map((span) => [span.id, span]));
        const parentOf = ({ parentId = '' }) => byId.get(parentId);
        const named = (name) => spans.filter((span) => span.name === name);
        const [root] = named('documentload');
        expect(spans.filter(({ parentId }) => parentId === undefined)).toEqual([root]);
        expect(spans.filter((span) => span !== root && !parentOf(span))).toEqual([]);
        for (const span of spans) {
            const parent = parentOf(span);
            if (parent)
                expect(span.timestamp).toBeGreaterThanOrEqual(parent.timestamp);
        }
        const [documentFetch, ...more] = named('documentfetch');
        expect(more).toEqual([]);
        expect(documentFetch).toMatchObject({
            kind: 'CLIENT',
            parentId: root?.id,
            tags: {
                'http.request.method': 'GET',
                'http.response.status_code': '200',
                'url.full': `${shop.url}/category.html`,
                'server.address': new URL(shop.url).hostname,
                'server.port': new URL(shop.url).port,
            },
        });
        const [server] = named('get /category.html');
        expect(server).toMatchObject({
            kind: 'SERVER',
            parentId: documentFetch?.id,
            localEndpoint: { serviceName: 'front-end' },
        });
        const end = ({ timestamp, duration }) => timestamp + duration;
        expect(end(documentFetch)).toBeLessThanOrEqual(end(root));
        const files = named('resourcefetch');
        expect(files.map(({ parentId }) => parentId)).toEqual(files.map(() => root?.id));
        expect(files.map(({ tags }) => tags[PATH])).toEqual(expect.arrayContaining([
            expect.stringMatching(/^\/assets\/index-.*\.js$/),
            expect.stringMatching(/\.css$/),
        ]));
        const calls = spans.filter((span) => span.kind === 'CLIENT' && span.localEndpoint.serviceName === 'storefront');
        for (const call of calls.filter((span) => span !== documentFetch)) {
            expect(parentOf(call)).toBe(root);
            expect(spans).toContainEqual(expect.objectContaining({ kind: 'SERVER', parentId: call.id }));
        }
        expect(calls.map(({ name }) => name)).toContain('get /catalogue');
        expect(root?.annotations?.map(({ value }) => value)).toEqual(expect.arrayContaining(['domInteractive', 'loadEventEnd', 'firstContentfulPaint']));
    });
    it('has the web vitals as events, when the page is left', async () => {
        await page.goto('/detail.html?id=3395a43e-2d88-40de-b95f-e00e1502085b');
        await page.locator('a', { hasText: 'Add to cart' }).first().click();
        await page.getByText('1 item(s) in cart').filter({ visible: true }).first().waitFor();
        await loadOf('/detail.html', 'documentload');
        const loaded = "performance.getEntriesByType('resource').some(({ name, responseEnd }) => /vitals-/.test(name) && responseEnd > 0)";
        await until(() => page.evaluate(loaded), Boolean);
        await page.locator('h1').first().click(); // an interaction
        await page.goto('/basket.html');
        const spans = await loadOf('/detail.html', 'webvitals');
        const root = spans.find(({ name }) => name === 'documentload');
        const vitals = spans.find(({ name }) => name === 'webvitals');
        expect(vitals?.parentId).toBe(root?.id);
        const events = (vitals?.annotations ?? []).map(({ value }) => JSON.parse(value)['browser.web_vital']);
        const names = events.map((event) => event?.['browser.web_vital.name']);
        expect(names).toEqual(expect.arrayContaining(['ttfb', 'fcp', 'lcp', 'cls']));
        for (const event of events) {
            expect(event).toMatchObject({
                'browser.web_vital.value': expect.any(Number),
                'browser.web_vital.delta': expect.any(Number),
                'browser.web_vital.id': expect.any(String),
                'browser.web_vital.rating': expect.stringMatching(/^(good|needs-improvement|poor)$/),
                'browser.web_vital.navigation_type': 'navigate',
            });
        }
        // Each has one trace: the page that follows begins its own.
        expect(spans.filter(({ name }) => name === 'documentload')).toHaveLength(1);
    });
});
//# sourceMappingURL=page-load.test.js.map