import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { holdBackShipping } from './held-back-shipping.ts';
import { inBrowser, page, window } from './in-browser.ts';
jest.setTimeout(120_000);
const FIGUEROA = '819e1fbf-8b7e-4f6d-811f-693534916a8b'; // 14.00
const CAT = '837ab141-399e-4c1f-9abc-bace40296bac'; // 15.00
/** What every page of the storefront has: its title, its width, its look on paper and while it loads. */
inBrowser('a page of the storefront', () => {
    const api = () => page.context().request;
    const seen = (text) => page.getByText(text).filter({ visible: true }).first().waitFor();
    const orderButton = () => page.locator('button#orderButton:not([disabled])');
    const inCart = async (...socks) => {
        for (const id of socks)
            await api().post('/cart', { data: { id } });
    };
    async function aCustomer({ firstName = 'Sam', street = 'Sole Street', cards } = {}) {
        const username = `pages-${randomBytes(4).toString('hex')}`;
        const email = 'x@example.org';
        const data = { username, password: 'secret', email, firstName, lastName: firstName };
        expect((await api().post('/register', { data })).status()).toBe(200);
        const address = { number: '1', street, city: street, postcode: 'HE1', country: street };
        expect((await api().post('/addresses', { data: address })).status()).toBe(200);
        for (const expires of cards ?? ['08/33']) {
            const longNum = `55001234123411${expires.slice(-2)}`;
            await api().post('/cards', { data: { longNum, expires, ccv: '123' } });
        }
    }
    async function anOrder() {
        await inCart(FIGUEROA);
        const { id } = (await (await api().post('/orders')).json());
        const cart = async () => (await (await api().get('/cart')).json());
        await until(cart, (lines) => lines.length === 0);
        return `/customer-order.html?order=/orders/${id}`;
    }
    describe('has its own title', () => {
        const title = (expected) => until(() => page.title(), (now) => now === expected);
        it('wherever the shopper goes', async () => {
            await aCustomer();
            const order = await anOrder();
            await inCart(CAT);
            const titles = [
                ['/', 'WeaveSocks'],
                ['/category.html', 'Catalogue · WeaveSocks'],
                [`/detail.html?id=${CAT}`, 'Cat socks · WeaveSocks'],
                ['/basket.html', 'Shopping cart · WeaveSocks'],
                ['/checkout1.html', 'Address · Checkout · WeaveSocks'],
                ['/checkout3.html', 'Payment · Checkout · WeaveSocks'],
                ['/checkout4.html', 'Review · Checkout · WeaveSocks'],
                ['/customer-orders.html', 'My orders · WeaveSocks'],
                [order, `Order # ${order.split('/').at(-1)} · WeaveSocks`],
                ['/customer-account.html', 'My account · WeaveSocks'],
                ['/customer-wishlist.html', 'My wishlist · WeaveSocks'],
                ['/register.html', 'New account · WeaveSocks'],
            ];
            for (const [url, expected] of titles) {
                await page.goto(url);
                await title(expected);
            }
            await page.goto('/checkout2.html'); // no delivery to choose
            await title('Payment · Checkout · WeaveSocks');
        });
        it('where there is nothing', async () => {
            await page.goto('/nosuch');
            await title('This page has a hole · WeaveSocks');
            await page.goto('/detail.html?id=nosuch');
            await title('We have no such sock · WeaveSocks');
            window.problems.splice(0); // 404 for both
        });
        it("that follows the catalogue's search, tags and pages, also for Back", async () => {
            await page.goto('/category.html?tags=blue');
            await title('blue · Catalogue · WeaveSocks');
            await page.getByLabel('Search socks').fill('Friday');
            await page.getByLabel('Search socks').press('Enter');
            await title('“Friday” · blue · Catalogue · WeaveSocks');
            await page.goBack();
            await title('blue · Catalogue · WeaveSocks');
            await page.locator('#filters-button, .chip', { hasText: 'blue' }).first().click();
            await title('Catalogue · WeaveSocks');
            await page.locator('#pagination a', { hasText: '2' }).click();
            await title('Page 2 · Catalogue · WeaveSocks');
        });
    });
    it('is no wider than the window, whatever names, addresses, tags and searches contain', async () => {
        const long = (letter) => letter.repeat(200);
        const stretch = async (route) => {
            const response = await route.fetch();
            const sock = (one) => ({
                ...one,
                name: long('n'),
                description: long('d'),
                tag: [long('g')],
            });
            const body = (await response.json());
            await route.fulfill({ response, json: Array.isArray(body) ? body.map(sock) : sock(body) });
        };
        await aCustomer({ firstName: long('w'), street: long('s').slice(0, 100) });
        const order = await anOrder();
        await inCart(CAT);
        await page.route(/\/catalogue(\/[0-9a-z-]{36}|\?.*)$/, stretch);
        await page.route('**/tags', (route) => route.fulfill({ json: { tags: [long('t')], err: null } }));
        const pages = [
            ['/', '#hot-slider .product'],
            ['/category.html', '#products .product'],
            [`/category.html?q=${long('q')}&tags=${long('t')}`, '.empty'],
            [`/detail.html?id=${CAT}`, '#youMayAlsoLike .product'],
            ['/basket.html', '#cart-list .sock a'],
            ['/checkout1.html', '#address .option'],
            ['/checkout3.html', '#number .option'],
            ['/checkout4.html', '.ordered .sock a'],
            ['/customer-orders.html', '#tableOrders tr'],
            [order, '[role=treegrid]'],
            ['/customer-account.html', '#tableOrders tr'],
            ['/register.html', 'h1'],
            [`/customer-order.html?order=/orders/${long('o').slice(0, 90)}`, '#content .btn'],
            [`/${long('p')}.html`, 'h1'],
        ];
        const tooWide = [];
        for (const [url, there] of pages) {
            await page.goto(url);
            await page.locator(there).first().waitFor();
            for (const width of [390, 768, 1440]) {
                await page.setViewportSize({ width, height: 844 });
                const menu = page.locator('#menu-button[aria-expanded=false]');
                if (await menu.isVisible())
                    await menu.click();
                const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
                if (over > 0)
                    tooWide.push([url.slice(0, 40), width, over]);
            }
        }
        expect(tooWide).toEqual([]);
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto(`/detail.html?id=${CAT}`);
        await page.locator('#buttonCart').click();
        const toast = page.locator('#notices .alert', { hasText: long('n') });
        await toast.waitFor();
        expect((await toast.boundingBox()).width).toBeLessThan(390);
        window.problems.splice(0); // 404 for the page and the order that are none
    });
    it('leaves no sock and no box alone in the last row of its grid', async () => {
        await inCart(CAT);
        const lone = [];
        for (const url of ['/', '/category.html?page=2', `/detail.html?id=${CAT}`, '/basket.html']) {
            await page.goto(url);
            const grid = url.startsWith('/category') ? '#products' : '.row .products';
            await page.locator(`${grid} .product`).first().waitFor();
            for (const width of [390, 600, 768, 1024, 1440]) {
                await page.setViewportSize({ width, height: 900 });
                const found = await page.evaluate(`[...document.querySelectorAll('.products, .moods, #advantages')].filter((grid) => {
            const boxes = [...grid.children].map((box) => box.getBoundingClientRect());
            const lowest = boxes.filter(({ top }) => top === boxes.at(-1).top);
            return lowest.length === 1 && lowest[0].width < grid.clientWidth - 1;
          }).map(({ id, className }) => id + ' ' + className)`);
                if (found.length > 0)
                    lone.push([url, width, found]);
            }
        }
        expect(lone).toEqual([]);
    });
    it('draws its headings with the font of the shop, which is asked for first', async () => {
        await page.goto('/');
        await page.locator('#hot-slider .product').first().waitFor();
        const fonts = await page.evaluate(`[...document.fonts].map(({ family, weight, status }) => [family, weight, status].join(' '))`);
        expect(fonts).toEqual(['Nunito 800 loaded']);
        const url = await page.locator('link[rel=preload][as=font]').getAttribute('href');
        const response = await api().get(url);
        expect(response.headers()).toMatchObject({
            'content-type': 'font/woff2',
            'cache-control': expect.stringContaining('immutable'),
        });
        expect((await response.body()).length).toBeLessThan(20_000);
        expect((await api().get('/assets/nunito-OFL.txt')).status()).toBe(200);
    });
    it('shows the shape of what is to come while it loads', async () => {
        await aCustomer();
        const order = await anOrder();
        for (const [url, late] of [
            ['/', '**/catalogue?*'],
            ['/category.html', '**/catalogue?*'],
            [`/detail.html?id=${CAT}`, `**/catalogue/${CAT}`],
            ['/basket.html', '**/cart/summary'],
            ['/checkout1.html', '**/cart/summary'],
            ['/customer-orders.html', '**/orders'],
            [order, /^http:..[^/]+\/orders\//],
            ['/customer-account.html', '**/cards'],
        ]) {
            const { promise, resolve: answer } = Promise.withResolvers();
            await page.route(late, async (route) => {
                await promise;
                await route.continue();
            });
            await page.goto(url, { waitUntil: 'commit' });
            await page.locator('[aria-busy=true] .bone').nth(2).waitFor();
            answer(undefined);
            await page.locator('#content [aria-busy=true] .bone').first().waitFor({ state: 'detached' });
            await page.unroute(late);
        }
    });
    describe('of an order', () => {
        beforeEach(async () => {
            await aCustomer();
        });
        it('prints what was ordered, and nothing that can only be clicked', async () => {
            await page.goto(await anOrder());
            await page.locator('#order-trace [role=treegrid]').waitFor();
            await page.emulateMedia({ media: 'print' });
            const visible = async (selector) => page.locator(selector).first().isVisible();
            for (const shown of [
                '.brand',
                '#orderNumber',
                '.order-steps',
                '#orderTotal',
                '#addressShipping',
            ])
                expect([shown, await visible(shown)]).toEqual([shown, true]);
            for (const gone of ['#menus', '#basket-overview', '#footer', '.trace-dock', '#order-trace'])
                expect([gone, await visible(gone)]).toEqual([gone, false]);
        });
        it('is where a shopper lands who ordered, with its steps and a trace that grows', async () => {
            await inCart(FIGUEROA);
            const release = await holdBackShipping('**/trace/orders/*');
            await page.goto('/basket.html');
            await orderButton().click();
            await page.waitForURL('**/customer-order.html?order=/orders/*');
            await seen('Order placed.');
            const done = page.locator('.order-steps [data-step=done]');
            await done.first().waitFor();
            await page.getByRole('link', { name: 'See its trace' }).click();
            const rows = page.locator('#order-trace [role=row]');
            await rows.nth(1).waitFor();
            const atFirst = await rows.count();
            release();
            await page.locator('#orderStatus', { hasText: 'Shipped' }).waitFor();
            await page.locator('#order-trace .wf-span', { hasText: 'process shipment-events' }).waitFor();
            expect(await rows.count()).toBeGreaterThan(atFirst);
            expect(await done.count()).toBe(4);
        });
    });
    it.each(['/customer-orders.html', '/customer-account.html'])('%s follows the status of an order without a reload', async (url) => {
        await aCustomer();
        await anOrder();
        await page.route('**/orders?*', async (route) => {
            const response = await route.fetch();
            const orders = (await response.json());
            await route.fulfill({
                response,
                json: orders.map((order) => ({ ...order, status: 'SHIPPING' })),
            });
        });
        await page.goto(url);
        await page.locator('#tableOrders .status', { hasText: 'Shipping' }).waitFor();
        await page.locator('#tableOrders .status', { hasText: 'Shipped' }).waitFor();
    });
    it('that orders says the total of the server on its button', async () => {
        await inCart(FIGUEROA);
        await page.goto('/basket.html');
        expect(await orderButton().textContent()).toBe('Proceed to checkout'); // a guest logs in first
        await aCustomer();
        for (const url of ['/basket.html', '/checkout4.html']) {
            await page.goto(url);
            await page.getByRole('button', { name: 'Order now · $18.99' }).waitFor();
        }
        await page.goto('/basket.html');
        await page.getByLabel('One more Figueroa').click();
        await page.getByRole('button', { name: 'Order now', exact: true }).waitFor(); // not yet priced
        await page.getByRole('button', { name: 'Order now · $32.99' }).waitFor();
    });
    it('marks an expired card, prefers another one, and takes no new one that has expired', async () => {
        await aCustomer({ cards: ['08/19', '09/33'] });
        await inCart(FIGUEROA);
        await page.goto('/checkout3.html');
        await seen('expired 08/19');
        await page.locator('#number label:has(:checked)', { hasText: 'expires 09/33' }).waitFor();
        await page.locator('#number label', { hasText: '08/19' }).click();
        await seen('This card has expired.');
        await page.locator('#add_payment').click();
        await page.locator('#form-card-number').fill('5500 1234 1234 4321');
        await page.locator('#form-ccv').fill('123');
        const month = page.locator('#form-expires');
        for (const [text, valid] of [
            ['01/20', false],
            ['08/33', true],
        ]) {
            await month.fill(text);
            expect(await page.evaluate(`document.querySelector('#form-expires').validity.valid`)).toBe(valid);
        }
        await page.getByText('Save card').click();
        await seen('Card saved.');
    });
    it('keeps the notices of several actions', async () => {
        await page.goto('/category.html');
        for (const name of ['Colourful', 'Crossed']) {
            const sock = page.locator('#products .product', { hasText: name });
            await sock.getByRole('button', { name: 'Add to cart' }).click();
        }
        await seen('Added to your cart: Colourful.');
        await seen('Added to your cart: Crossed.');
    });
    it('promises no wishlist and no stock', async () => {
        await page.goto('/detail.html?id=03fef6ac-1896-4ce8-bd69-b798f85c6e0b');
        await page.locator('#youMayAlsoLike .product').first().waitFor();
        expect(await page.locator('a[href*=wishlist]').count()).toBe(0);
        expect(await page.locator('body').textContent()).not.toMatch(/\bleft\b|in stock|wishlist/i);
        await page.goto('/category.html?sort=count');
        await page.locator('#products .product').first().waitFor();
        expect(await page.locator('#sort').inputValue()).toBe('count'); // by address only
        expect(await page.locator('#sort').textContent()).not.toMatch(/\bleft\b/);
    });
});
//# sourceMappingURL=storefront-pages.test.js.map