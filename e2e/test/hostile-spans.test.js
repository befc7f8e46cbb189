import { expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { violations } from './page-checks.ts';
import { inBrowser, page, shop, window } from './in-browser.ts';
import { SOCKS } from './shopper.ts';
import { traceOf } from './spans.ts';
jest.setTimeout(120_000);
/** Zipkin keeps names of services in small letters. */
const NAMES = [
    'constructor',
    '__proto__',
    'tostring',
    'a\nb',
    'a → b',
    ' ',
    '"><img src=x onerror=alert(1)>',
];
const HTML = '<script>document.title = "owned"</script><b id="owned">';
const LATEST = Number.MAX_SAFE_INTEGER;
inBrowser('spans from hostile senders', () => {
    const id = () => randomBytes(8).toString('hex');
    async function send(spans) {
        const response = await fetch(`${shop.tracesUrl}/api/v2/spans`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(spans),
        });
        expect(response.status).toBe(202);
    }
    /** Of one trace, below the span `parentId`: what pages could stumble over. */
    function hostile(traceId, parentId) {
        const now = Date.now() * 1000;
        const span = (serviceName, part = {}) => ({
            traceId,
            id: id(),
            parentId,
            name: `get /${serviceName}`,
            timestamp: now,
            duration: 5000,
            localEndpoint: { serviceName },
            ...part,
        });
        const calls = NAMES.flatMap((from) => NAMES.map((serviceName) => span(from, { kind: 'CLIENT', remoteEndpoint: { serviceName } })));
        const [one, other] = [id(), id()];
        return [
            ...calls,
            ...NAMES.map((name) => span(name, { kind: 'SERVER', name })),
            span('html', {
                name: HTML,
                tags: {
                    error: HTML,
                    'error.type': HTML,
                    'http.route': HTML,
                    'db.query.text': HTML,
                    __proto__: 'x',
                },
            }),
            span('untimed', { timestamp: 0, duration: 0 }),
            span('early', { timestamp: 1 }),
            span('late', { timestamp: LATEST, duration: LATEST }),
            span('long', { duration: LATEST, kind: 'SERVER' }),
            span('circle', { id: one, parentId: other }),
            span('circle', { id: other, parentId: one }),
            span('n'.repeat(3000), { name: 'w'.repeat(3000), kind: 'SERVER' }),
        ];
    }
    /** One span below the other. */
    function chain(traceId, parentId, length) {
        const ids = [parentId, ...Array.from({ length }, id)];
        return ids.slice(1).map((own, index) => ({
            traceId,
            id: own,
            parentId: ids[index],
            name: `step ${index}`,
            timestamp: Date.now() * 1000 + index,
            duration: 10,
            localEndpoint: { serviceName: `chain-${index}` },
        }));
    }
    const untouched = async () => {
        expect(await page.evaluate('document.getElementById("owned")')).toBeNull();
        expect(await page.title()).not.toBe('owned');
        expect(await page.getByText('Something went wrong in this page.').count()).toBe(0);
    };
    it('do not stop the Observatory: map, tables, search and traces', async () => {
        const [names, long] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
        const [first, second] = [id(), id()];
        const root = (traceId, own) => ({
            traceId,
            id: own,
            name: 'get /',
            kind: 'SERVER',
            timestamp: Date.now() * 1000,
            duration: 5000,
            localEndpoint: { serviceName: 'front-end' },
        });
        await send([root(names, first), ...hostile(names, first)]);
        await send([root(long, second), ...chain(long, second, 1900)]);
        await page.goto('/observatory?window=300');
        for (const name of ['constructor', '__proto__', 'tostring']) {
            await page.locator('.part b').getByText(name, { exact: true }).waitFor();
        }
        await page.locator('.label', { hasText: 'constructor → __proto__' }).first().click();
        await page.waitForURL(/service=__proto__&from=constructor/);
        await page.locator('table.work td.place', { hasText: 'constructor → __proto__' }).waitFor();
        await page.locator('table.traces tbody tr', { hasText: 'front-end' }).first().waitFor();
        await untouched();
        expect(await violations(page)).toEqual([]);
        for (const width of [390, 768, 1440]) {
            await page.setViewportSize({ width, height: 900 });
            const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
            expect([width, await page.evaluate(over)]).toEqual([width, 0]);
        }
        for (const traceId of [names, long]) {
            await page.goto(`/observatory?trace=${traceId}`);
            await page.locator('dialog.sheet .wf-row').nth(50).waitFor();
            await untouched();
            expect(await violations(page)).toEqual([]);
        }
        await page.getByText('1801 more spans are not shown.').waitFor();
    });
    it('do not stop the trace drawer of the shopper whose trace they join', async () => {
        await page.goto(`/detail.html?id=${SOCKS.nerd.id}`);
        await page.locator('a', { hasText: 'Add to cart' }).first().click();
        await page.locator('.trace-handle').click();
        const drawer = page.locator('dialog.trace-drawer');
        await drawer.locator('.td-list button', { hasText: 'add to cart' }).first().click();
        await drawer.locator('.wf-span', { hasText: 'POST /cart' }).first().waitFor();
        const traceId = (await drawer.locator('.td-id code').textContent());
        const spans = await until(() => traceOf(shop, traceId), (found) => found.some(({ kind }) => kind === 'SERVER'));
        const server = spans.find(({ kind }) => kind === 'SERVER');
        await send([...hostile(traceId, server.id), ...chain(traceId, server.id, 1000)]);
        await page.reload(); // with the drawer open
        await drawer.locator('.td-list button', { hasText: 'add to cart' }).first().click();
        await drawer.locator('.wf-service').getByText('constructor', { exact: true }).first().waitFor();
        await drawer.getByText(/\d more spans are not shown/).waitFor();
        await untouched();
        expect(await violations(page)).toEqual([]);
        await drawer.locator('.wf-title', { hasText: '<script>' }).click();
        await drawer.locator('.span-details').getByText(HTML).first().waitFor();
        await untouched();
        await page.keyboard.press('Escape');
        await page.locator('a', { hasText: 'Add to cart' }).first().click(); // the page works
        await page.getByText('2 item(s) in cart').filter({ visible: true }).first().waitFor();
        // A busy machine may need more than the two seconds that reading a trace of 2000 spans may take; the drawer asks again.
        const slow = /^(503 for|console: Failed to load resource: .* 503)/;
        expect(window.problems.splice(0).filter((problem) => !slow.test(problem))).toEqual([]);
    });
});
//# sourceMappingURL=hostile-spans.test.js.map