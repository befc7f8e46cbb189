import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TcpProxy, until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { inBrowser, openWindow, page, shop, window } from './in-browser.ts';
import { scriptBytes, shifts, violations, watchShifts } from './page-checks.ts';
import { WorkspaceProcess } from './workspace-process.ts';
import { TEST_SETTINGS } from './shop.ts';
jest.setTimeout(90_000);
const HOLY = '03fef6ac-1896-4ce8-bd69-b798f85c6e0b'; // 99.99
const FIGUEROA = '819e1fbf-8b7e-4f6d-811f-693534916a8b'; // 14.00
const CAT = '837ab141-399e-4c1f-9abc-bace40296bac'; // 15.00
/** Where a shopper is who has bought something. */
const PLACED = '**/customer-order.html?order=/orders/*';
/** The storefront's additions. The parts that clients of the original shop look for are in browser.test.ts. */
inBrowser('the storefront', () => {
    const seen = (text) => page.getByText(text).filter({ visible: true }).first().waitFor();
    const path = () => new URL(page.url()).pathname + new URL(page.url()).search;
    const texts = (selector) => page.locator(selector).allTextContents();
    const orderButton = () => page.locator('button#orderButton:not([disabled])');
    /** Removes an expected problem from the window's list. */
    function expectProblems(status) {
        const expected = new RegExp(`^(${status} for|console: .*status of ${status})`);
        const all = window.problems.splice(0);
        expect(all.filter((problem) => !expected.test(problem))).toEqual([]);
        expect(all.length).toBeGreaterThan(0);
    }
    const api = () => page.context().request;
    /** Registers through the API, which logs the browser in. Returns the name. */
    async function aCustomer({ addresses = 1, cards = 1 } = {}) {
        const username = `shopper-${randomBytes(4).toString('hex')}`;
        const data = { username, password: 'secret', email: 'x@example.org' };
        await api().post('/register', { data: { ...data, firstName: 'Sam', lastName: 'Shopper' } });
        for (const number of Array.from({ length: addresses }, (_, index) => String(index + 1))) {
            const street = `Street ${number}`;
            const address = { number, street, city: 'Heel', postcode: 'HE1', country: 'Sockland' };
            await api().post('/addresses', { data: address });
        }
        for (const last of Array.from({ length: cards }, (_, index) => String(1111 * (index + 1)))) {
            const card = { longNum: `550012341234${last}`, expires: '08/33', ccv: '123' };
            await api().post('/cards', { data: card });
        }
        return username;
    }
    async function inCart(...socks) {
        for (const id of socks)
            await api().post('/cart', { data: { id } });
    }
    const orders = async () => (await (await api().get('/orders')).json());
    const total = async () => (await (await api().get('/cart/summary')).json()).total;
    const cart = async () => (await (await api().get('/cart')).json());
    it('is in English or Chinese and remembers the choice', async () => {
        await page.goto('/');
        expect(await page.locator('html').getAttribute('lang')).toBe('en');
        await page.locator('#language').click();
        await seen('本周热卖');
        expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
        expect(await page.title()).toBe('WeaveSocks');
        await page.goto('/category.html');
        await seen('显示 6 件，共 10 件');
        await page.locator('.chip', { hasText: '极客' }).waitFor();
        await page.locator('#language').click();
        await seen('Showing 6 of 10 products');
    });
    it('follows the system in light and dark until the shopper chooses', async () => {
        const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
        const [light, dark] = ['rgb(255, 250, 242)', 'rgb(21, 18, 43)'];
        await page.goto('/');
        expect(await background()).toBe(light);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await background()).toBe(dark);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.locator('#theme').click();
        expect(await background()).toBe(dark);
        await page.reload();
        expect(await background()).toBe(dark);
        expect(await page.locator('#theme').getAttribute('aria-pressed')).toBe('true');
    });
    it('works when the browser hides Server-Timing, as Firefox does on plain http', async () => {
        await page.addInitScript('delete PerformanceResourceTiming.prototype.serverTiming');
        await page.goto('/');
        await page.locator('#hot-slider .product').nth(4).waitFor();
        expect(await page.locator('.trace-handle').count()).toBe(0); // nothing is traced then
    });
    it('fills the row of related socks, similar ones first', async () => {
        await page.goto(`/detail.html?id=${HOLY}`);
        await page.locator('#youMayAlsoLike .product').nth(3).waitFor();
        const names = await texts('#youMayAlsoLike h3, #youMayAlsoLike h2');
        expect([names.length, names[0], names.includes('Holy')]).toEqual([4, 'Crossed', false]);
    });
    it('keeps filter, order, page size and page in the address, also for Back', async () => {
        await page.goto('/category.html');
        await seen('Showing 6 of 10 products');
        await page.locator('.chip', { hasText: 'blue' }).click();
        await seen('Showing 4 of 4 products');
        expect(path()).toBe('/category.html?tags=blue');
        await page.locator('#sort').selectOption('-price');
        await page.locator('#products h2').first().filter({ hasText: 'Colourful' }).waitFor();
        expect(await texts('#products .price')).toEqual(['$18.00', '$17.32', '$14.00', '$7.99']);
        await page.locator('#products-number a', { hasText: '3' }).click();
        await seen('Showing 3 of 4 products');
        await page.locator('#pagination a', { hasText: '2' }).click();
        await seen('Showing 1 of 4 products');
        expect(path()).toBe('/category.html?page=2&size=3&tags=blue&sort=-price');
        await page.reload();
        await seen('Showing 1 of 4 products');
        expect(await texts('#products h2')).toEqual(['Nerd leg']);
        await page.goBack();
        await seen('Showing 3 of 4 products');
        await page.goBack();
        await page.goBack();
        expect(path()).toBe('/category.html?tags=blue');
        expect(await page.locator('#sort').inputValue()).toBe('id');
        await page.locator('#filters button', { hasText: 'Clear' }).click();
        await seen('Showing 6 of 10 products');
    });
    it('searches by keyboard, together with tags and order, and keeps the search in the address, also for Back', async () => {
        await page.goto('/category.html?sort=name');
        const field = page.getByLabel('Search socks');
        await field.fill(' Friday ');
        await field.press('Enter');
        await seen('Showing 2 of 2 products');
        expect(await texts('#products h2')).toEqual(['Colourful', 'SuperSport XL']);
        expect(path()).toBe('/category.html?q=Friday&sort=name');
        await page.locator('.chip', { hasText: 'blue' }).click();
        await seen('Showing 1 of 1 products');
        expect(path()).toBe('/category.html?q=Friday&tags=blue&sort=name');
        await page.reload();
        await seen('Showing 1 of 1 products');
        expect(await field.inputValue()).toBe('Friday');
        await field.fill('100%');
        await field.press('Tab');
        await page.keyboard.press('Enter'); // on the button
        await seen('No socks found for “100%”.');
        await seen('Showing 0 of 0 products');
        await page.goBack();
        await seen('Showing 1 of 1 products');
        expect(await field.inputValue()).toBe('Friday');
        await page.goForward();
        await page.locator('#products ~ .empty a').click();
        await seen('Showing 6 of 10 products');
        expect(path()).toBe('/category.html');
    });
    it("shows a quantity at once, saves it after a pause, and shows the server's price", async () => {
        await inCart(CAT);
        await page.goto('/basket.html');
        const update = page.waitForResponse('**/cart/update');
        const outdated = page.locator('#order-summary [aria-busy=true]');
        for (const amount of ['$30.00', '$45.00']) {
            await page.getByLabel('One more Cat socks').click();
            expect(await page.locator('.line-total').textContent()).toBe(amount);
            expect(await outdated.count()).toBe(1);
        }
        expect(await page.locator('#numItemsInCart').textContent()).toBe('3 items in cart');
        expect((await update).request().postDataJSON()).toEqual({ id: CAT, quantity: 3 }); // one call for both
        expect(await cart()).toMatchObject([{ itemId: CAT, quantity: 3 }]);
        await outdated.waitFor({ state: 'detached' });
        expect(await page.locator('#cartTotal').textContent()).toBe('$45.00');
        expect(await page.locator('#orderGrandTotal').textContent()).toBe('$49.99');
    });
    it('saves a quantity even when the shopper leaves the page right after the change', async () => {
        await inCart(CAT);
        await page.goto('/basket.html');
        await page.getByLabel('Quantity of Cat socks').fill('7');
        await page.goto('/');
        await until(cart, ([line]) => line?.quantity === 7);
    });
    it('restores a removed sock', async () => {
        await inCart(CAT, CAT);
        await page.goto('/basket.html');
        await page.getByLabel('Remove Cat socks').click();
        await seen('Your cart is empty.');
        await page.locator('#notices button', { hasText: 'Undo' }).click();
        await seen('2 items in cart');
        expect(await cart()).toMatchObject([{ itemId: CAT, quantity: 2 }]);
    });
    it('leads a guest through login or registration and back into the checkout', async () => {
        await inCart(FIGUEROA);
        await page.goto('/basket.html');
        await orderButton().click();
        await page.waitForURL('**/checkout1.html');
        await seen('You must be logged in to place an order.');
        const name = `guest-${randomBytes(4).toString('hex')}`;
        const form = page.locator('#content form', { hasText: 'Register' });
        await form.locator('[name=username]').fill(name);
        await form.locator('[name=firstName]').fill('Gwen');
        await form.locator('[name=lastName]').fill('Guest');
        await form.locator('[name=email]').fill(`${name}@example.org`);
        await form.locator('[name=password]').fill('secret');
        await form.locator('button').click();
        await seen('No address saved for user.');
        expect(path()).toBe('/checkout1.html');
        await page.locator('#add_shipping').click();
        for (const field of ['number', 'street', 'city', 'post-code', 'country']) {
            await page.locator(`#form-${field}`).fill(`some ${field}`);
        }
        await page.getByText('Save address').click();
        await page.locator('a', { hasText: 'Continue' }).click();
        await page.locator('#add_payment').click();
        await page.locator('#form-card-number').fill('5500 1234 1234 4321');
        await page.locator('#form-expires').fill('08/33');
        await page.locator('#form-ccv').fill('123');
        await page.getByText('Save card').click();
        await page.locator('a', { hasText: 'Continue' }).click();
        await seen('Card ending in 4321');
        await seen('Standard delivery, $4.99');
        await orderButton().click();
        await page.waitForURL(PLACED);
        await seen('Order placed.');
        expect(await orders()).toMatchObject([{ total: 18.99, address: { street: 'some street' } }]);
    });
    it('sends an order to the chosen address, paid with the chosen card', async () => {
        await aCustomer({ addresses: 2, cards: 3 });
        await inCart(FIGUEROA);
        await page.goto('/checkout1.html');
        await page.locator('#address label', { hasText: 'Street 2' }).click();
        await page.goto('/checkout3.html');
        await page.locator('#number label', { hasText: '3333' }).click();
        await page.goto('/checkout4.html');
        await seen('Street 2');
        await seen('Card ending in 3333');
        await orderButton().click();
        await page.waitForURL(PLACED);
        const [order] = await orders();
        expect(order?.address.street).toBe('Street 2');
        expect(order?.card.longNum).toMatch(/3333$/);
    });
    it('deletes a saved address and a saved card', async () => {
        await aCustomer({ addresses: 2 });
        await page.goto('/customer-account.html');
        await page.getByLabel('Delete: 1 Street 1').click();
        await seen('Deleted: 1 Street 1.');
        await page.getByLabel('Delete: Card ending in 1111').click();
        await seen('No credit card saved for user.');
        await page.reload();
        await seen('No credit card saved for user.');
        expect(await texts('#addresses .address')).toEqual([expect.stringContaining('Street 2')]);
    });
    it('deletes by keyboard and keeps the focus nearby', async () => {
        await aCustomer({ addresses: 2 });
        await page.goto('/customer-account.html');
        const second = page.getByRole('button', { name: 'Delete: 2 Street 2' });
        await page.route('**/addresses/*', (route) => route.fulfill({ status: 503, json: {} }));
        await second.press('Enter');
        await page.locator('#notices .alert-danger').waitFor();
        await second.and(page.locator(':focus')).waitFor();
        expectProblems(503);
        await page.unroute('**/addresses/*');
        await second.press('Enter');
        await second.waitFor({ state: 'detached' });
        const list = page.getByRole('list', { name: 'Addresses' });
        await list.and(page.locator(':focus')).waitFor();
        expect(await list.getByRole('listitem').count()).toBe(1);
    });
    it('places one order for a double click', async () => {
        await aCustomer();
        await inCart(FIGUEROA);
        await page.goto('/basket.html');
        await orderButton().dblclick();
        await page.waitForURL(PLACED);
        expect(await orders()).toHaveLength(1);
    });
    it('places one order from two windows that order at once', async () => {
        await aCustomer();
        await inCart(FIGUEROA);
        const second = await page.context().newPage();
        await Promise.all([page.goto('/basket.html'), second.goto('/basket.html')]);
        const buttons = [page, second].map((each) => each.locator('#orderButton:not([disabled])'));
        await Promise.all(buttons.map((button) => button.waitFor()));
        await Promise.all(buttons.map((button) => button.click()));
        await Promise.all([page, second].map((each) => each.waitForURL(PLACED)));
        expect(await orders()).toHaveLength(1);
    });
    it('explains why an order was declined and what to change', async () => {
        await aCustomer();
        await inCart(HOLY);
        const affordable = await total();
        await inCart(FIGUEROA);
        await page.goto('/basket.html');
        await orderButton().click();
        await seen('Error placing order. Payment declined: amount exceeds 105.00');
        await seen(`This order costs $${await total()}, shipping included.`);
        expect(await page.getByText('105.00').count()).toBe(1);
        expect(await page.locator('[role=status] [role=alert]').count()).toBe(0); // it would be read out twice
        expectProblems(406);
        await page.getByLabel('Remove Figueroa').click();
        await orderButton().click(); // without waiting for the pause: the basket is saved first
        await page.waitForURL(PLACED);
        const ordered = { items: [{ itemId: HOLY, quantity: 1 }], total: affordable };
        expect(await orders()).toMatchObject([ordered]);
    });
    it('asks for the login when the session has ended, then continues the order', async () => {
        const username = await aCustomer();
        await inCart(FIGUEROA);
        await page.goto('/checkout4.html');
        await orderButton().waitFor();
        await page.context().clearCookies({ name: 'logged_in' }); // gone an hour after the login
        await orderButton().click();
        await seen('Your session has ended.');
        await page.locator('#login-modal [name=username]').fill(username);
        await page.locator('#login-modal [name=password]').fill('secret');
        await page.locator('#login-modal form button.btn.btn-primary').click();
        await page.waitForURL(PLACED);
        expect(await orders()).toHaveLength(1);
    });
    it('shows each step of an order with its time', async () => {
        await aCustomer();
        await inCart(FIGUEROA);
        const { id } = (await (await api().post('/orders')).json());
        await page.goto(`/customer-order.html?order=/orders/${id}`);
        await page.locator('#orderStatus', { hasText: 'Shipped' }).waitFor();
        expect(await texts('.order-steps strong')).toEqual(['Created', 'Paid', 'Shipping', 'Shipped']);
        expect(await page.locator('.order-steps [data-step=done] time').count()).toBe(4);
    });
    it.each([
        ['/nosuch', 'This page has a hole', 404],
        ['/detail.html?id=nosuch', 'We have no such sock', 404],
    ])('shows a way on at %s', async (url, title, status) => {
        await page.goto(url);
        await seen(title);
        await page.locator('#content a.btn').waitFor();
        expectProblems(status);
    });
    it('can be used with the keyboard alone', async () => {
        const focus = (what) => page.evaluate(`document.activeElement.${what}`);
        await page.goto('/detail.html?id=' + CAT);
        await page.locator('#buttonCart').waitFor();
        await page.keyboard.press('Tab');
        expect(await focus('textContent')).toBe('Skip to content');
        await page.keyboard.press('Enter');
        await page.locator('#buttonCart').focus();
        await page.keyboard.press('Space');
        await seen('1 item in cart');
        await page.locator('#login a').focus();
        await page.keyboard.press('Enter');
        await page.locator('#login-modal').waitFor();
        for (let step = 0; step < 8; step++) {
            await page.keyboard.press('Tab');
            expect(await focus("closest('dialog, body').id || 'outside'")).not.toBe('root');
        }
        await page.keyboard.press('Escape');
        await page.locator('#login-modal').waitFor({ state: 'hidden' });
        expect(await focus('parentElement.id')).toBe('login');
    });
    it('folds its menus on a phone', async () => {
        await page.setViewportSize({ width: 390, height: 844 });
        await page.goto('/');
        expect(await page.locator('#tabCatalogue').isVisible()).toBe(false);
        await page.locator('#menu-button').click();
        await page.locator('#tabCatalogue a').click();
        await seen('Showing 6 of 10 products');
        await page.locator('#filters-button').click();
        await page.locator('.chip', { hasText: 'magic' }).click();
        await seen('Showing 1 of 1 products');
    });
    it('loads less than 120 kB of scripts for its first page', async () => {
        await page.goto('/');
        await page.locator('#hot-slider .product').nth(4).waitFor();
        expect(await scriptBytes(page)).toBeLessThan(120_000);
    });
    it('loads a page anew when a newer build has replaced a part of it', async () => {
        const asked = [];
        await page.route(/\/assets\/other-pages-[^/]*\.js$/, async (route) => {
            asked.push(route.request().url());
            await (asked.length === 1 ? route.fulfill({ status: 404 }) : route.continue());
        });
        await page.goto('/register.html');
        await page.locator('main form').first().waitFor();
        expect(asked).toHaveLength(2);
        expect(window.problems.splice(0).length).toBeGreaterThan(0); // the part that was gone
    });
    it('loads a page anew only once when a part of it stays missing', async () => {
        let asked = 0;
        await page.route(/\/assets\/other-pages-[^/]*\.js$/, async (route) => {
            asked++;
            await route.fulfill({ status: 404 });
        });
        await page.goto('/register.html');
        const failures = () => window.problems.filter((each) => each.startsWith('script: ')).length;
        await until(() => Promise.resolve(failures() === 2));
        await page.waitForLoadState('networkidle');
        expect(asked).toBe(2);
        window.problems.splice(0);
    });
    describe('its pages', () => {
        const pages = [
            ['index', '/', '#hot-slider .product'],
            ['category', '/category.html', '#products .product'],
            ['detail', `/detail.html?id=${CAT}`, '#youMayAlsoLike .product'],
            ['basket', '/basket.html', '#cart-list .sock a'],
            ['checkout1', '/checkout1.html', '#address .option'],
            ['checkout3', '/checkout3.html', '#number .option'],
            ['checkout4', '/checkout4.html', '.ordered .sock a'],
            ['customer-orders', '/customer-orders.html', '#tableOrders tr'],
            ['customer-account', '/customer-account.html', '#tableOrders tr'],
            ['customer-wishlist', '/customer-wishlist.html', 'h1'],
            ['register', '/register.html', 'h1'],
            ['no such page', '/nosuch.html', 'h1'],
        ];
        it("pass axe's checks in both themes and do not shift while they load", async () => {
            await aCustomer({ addresses: 2, cards: 2 });
            await inCart(FIGUEROA);
            const { id } = (await (await api().post('/orders')).json());
            const order = `/customer-order.html?order=/orders/${id}`;
            await until(cart, (lines) => lines.length === 0);
            await inCart(CAT, CAT, HOLY);
            await watchShifts(page);
            await page.emulateMedia({ reducedMotion: 'reduce' }); // what fades in has no contrast yet
            const found = [];
            const all = [...pages, ['customer-order', order, '[role="treegrid"]']];
            for (const [name, url, there] of all) {
                await page.goto(url);
                await page.locator(there).first().waitFor();
                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    for (const violation of await violations(page))
                        found.push([name, colorScheme, violation]);
                }
                const moved = await shifts(page);
                if (moved > 0.02)
                    found.push([name, 'layout shift', moved]);
            }
            expect(found).toEqual([]);
            expectProblems(404); // of the page that is none
        });
        it("pass axe's checks in dialogs and notices", async () => {
            await page.emulateMedia({ reducedMotion: 'reduce' });
            await page.goto(`/detail.html?id=${CAT}`);
            await page.locator('#buttonCart').click();
            await seen('Added to your cart: Cat socks.');
            expect(await violations(page)).toEqual([]);
            await page.locator('#register a').click();
            await page.locator('#register-modal').waitFor();
            expect(await violations(page)).toEqual([]);
        });
    });
    describe('without carts', () => {
        let gate;
        let frontEnd;
        let shopUrl;
        beforeAll(async () => {
            gate = await TcpProxy.reserve(shop.urls.carts);
            frontEnd = new WorkspaceProcess('services/front-end/dist/main.js', [], {
                ...TEST_SETTINGS,
                PORT: '0',
                HOST: '127.0.0.1',
                SESSION_KEY: 'a key for this test only',
                CATALOGUE_URL: shop.urls.catalogue,
                CARTS_URL: gate.url,
                ORDERS_URL: shop.urls.orders,
                USER_URL: shop.urls.user,
                ZIPKIN: `${shop.tracesUrl}/api/v2/spans`, // a trace that goes nowhere has no id on a page
            });
            const [, listening] = await frontEnd.said(/"message":"listening","port":(\d+)/);
            shopUrl = `http://127.0.0.1:${listening}`;
        });
        afterAll(async () => {
            await frontEnd.stop();
            await gate.cut();
        });
        beforeEach(async () => {
            await window.close();
            await openWindow(shopUrl);
        });
        it('the socks are shown, the notice names the trace, and "Try again" brings the cart back', async () => {
            await page.goto('/category.html');
            await seen('Showing 6 of 10 products');
            await seen('Cart not available');
            const traceId = await page.locator('#notices .trace code').textContent();
            expect(traceId).toMatch(/^[0-9a-f]{32}$/);
            const link = page.locator('#notices .trace a').first();
            expect(await link.getAttribute('href')).toBe(`/observatory?trace=${traceId}`);
            await page.goto(`/detail.html?id=${CAT}`);
            await seen('Soft paws for people.');
            await page.locator('#buttonCart').click();
            await seen('Cat socks could not be put into your cart.');
            expect(await violations(page)).toEqual([]);
            expectProblems(503);
            await gate.restore();
            const notice = page.locator('#notices .alert', { hasText: 'Cart not available' });
            await until(async () => {
                if (await notice.isVisible())
                    await notice.getByRole('button', { name: 'Try again' }).click();
                return page.locator('#numItemsInCart').textContent();
            }, (text) => text === '0 items in cart');
            window.problems.splice(0); // the breaker may have refused some of these
        });
        it("shows one message on the cart's page, and elsewhere a notice until it is closed", async () => {
            await gate.cut();
            await page.goto('/basket.html');
            await seen('This part of the shop is unavailable.');
            await page.locator('#youMayAlsoLike .product').first().waitFor();
            expect(await page.locator('.alert').count()).toBe(1);
            await page.goto('/');
            await seen('Cart not available');
            await page.locator('#notices').getByLabel('Close').click();
            expect(await page.locator('.alert').count()).toBe(0);
            expectProblems(503);
            await gate.restore();
            const status = async () => (await api().get('/cart')).status();
            await until(status, (it) => it === 200);
        });
        it('a quantity that cannot be saved returns to the old value', async () => {
            await inCart(CAT);
            await page.goto('/basket.html');
            await page.getByLabel('One more Cat socks').waitFor();
            await gate.cut();
            await page.getByLabel('One more Cat socks').click();
            expect(await page.locator('.line-total').textContent()).toBe('$30.00');
            await seen('The basket could not be updated.');
            await page.locator('#notices .trace').first().waitFor();
            await page.locator('.line-total', { hasText: '$15.00' }).waitFor();
            await page.locator('#order-summary [aria-busy=true]').waitFor({ state: 'detached' });
            expect(await page.locator('#cartTotal').textContent()).toBe('$15.00');
            expectProblems(503);
        });
    });
});
//# sourceMappingURL=storefront.test.js.map