import { expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { inBrowser, page, window } from './in-browser.ts';
jest.setTimeout(90_000);
/** These texts, ids and paths are the ones that clients of the original shop look for. */
inBrowser('in a browser', () => {
    const link = (text) => page.locator('a', { hasText: text });
    const seen = (text) => page.getByText(text).filter({ visible: true }).first().waitFor();
    async function logIn(username, password) {
        await link('Login').first().click();
        await page.locator('#login-modal form [name=username]').fill(username);
        await page.locator('#login-modal form [name=password]').fill(password);
        await page.locator('#login-modal form button.btn.btn-primary').click();
    }
    it('the home page has its title, "Login" and an empty cart', async () => {
        await page.goto('/');
        expect(await page.title()).toBe('WeaveSocks');
        await seen('Login');
        await seen('0 items in cart');
        expect(await page.locator('ul.menu li.howdy').isVisible()).toBe(false);
        await page.locator('#hot-slider .product').nth(4).waitFor();
        await window.screenshots('index');
    });
    it('a guest puts Holy into the cart', async () => {
        await page.goto('/');
        await page.locator('a', { hasText: /^Holy$/ }).click();
        await seen('0 items in cart');
        await link('Add to cart').first().click();
        await seen('1 item(s) in cart');
        await window.screenshots('detail');
        await link('1 item(s) in cart').click();
        await page.locator('#cart-list tr').waitFor();
        expect(await page.locator('#cartTotal').textContent()).toContain('99.99');
    });
    it('a customer logs in with the dialog and logs out', async () => {
        await page.goto('/');
        expect(await page.locator('#login-modal').isVisible()).toBe(false);
        await logIn('user', 'password');
        await seen('Logged in as User Name');
        await link('Logout').click();
        await seen('Login');
        await seen('0 items in cart');
        expect(await page.locator('#howdy').isVisible()).toBe(false);
    });
    it('a wrong password shows an error', async () => {
        await page.goto('/');
        await logIn('user', 'wrong');
        await seen('Invalid login credentials.');
        const expected = /^(401 for|console: Failed to load resource: the server responded with a status of 401)/;
        const others = window.problems.splice(0).filter((problem) => !expected.test(problem));
        expect(others).toEqual([]);
    });
    it('the catalogue shows six products, and filters and pages work', async () => {
        await page.goto('/');
        await link('Catalogue').first().click();
        await page.locator('#products div.product').first().waitFor();
        expect(await page.locator('#products div.product').count()).toBe(6);
        await seen('Showing 6 of 10 products');
        await window.screenshots('category');
        await page.goto('/category.html?tags=magic');
        await seen('Showing 1 of 1 products');
        await page.goto('/category.html?page=2&size=6');
        await seen('Showing 4 of 10 products');
    });
    it('a new customer registers, buys, and sees the order shipped', async () => {
        const name = `browser-${randomBytes(3).toString('hex')}`;
        await page.goto('/category.html');
        await page
            .locator('#products div.product', { hasText: 'Colourful' })
            .locator('a', { hasText: 'Add to cart' })
            .click();
        await seen('1 item(s) in cart');
        await link('Register').first().click();
        await page.locator('#register-username-modal').fill(name);
        await page.locator('#register-first-modal').fill('Bea');
        await page.locator('#register-last-modal').fill('Browser');
        await page.locator('#register-email-modal').fill(`${name}@example.org`);
        await page.locator('#register-password-modal').fill('a good pässword');
        await page.locator('#register-modal form button.btn.btn-primary').click();
        await seen('Logged in as Bea Browser');
        await seen('1 item(s) in cart'); // the guest's
        await link('1 item(s) in cart').click();
        await seen('Shopping cart');
        await seen('No address saved for user.');
        await page.locator('#add_shipping').click();
        for (const [field, value] of Object.entries({
            number: '7',
            street: 'Sole Street',
            city: 'Heel',
            'post-code': 'HE1 1OO',
            country: 'Sockland',
        })) {
            await page.locator(`#form-${field}`).fill(value);
        }
        await page.getByText('Save address').click();
        await page.locator('#address', { hasText: 'Sole Street' }).waitFor();
        await page.locator('#add_payment').click();
        await page.locator('#form-card-number').fill('5500 1234 1234 1234');
        await page.locator('#form-expires').fill('08/33');
        await page.locator('#form-ccv').fill('123');
        await page.getByText('Save card').click();
        await page.locator('#number', { hasText: 'Card ending in 1234' }).waitFor();
        await window.screenshots('basket');
        await page.locator('button#orderButton:not([disabled])').click();
        await page.waitForURL('**/customer-order.html?order=/orders/*');
        await seen('0 items in cart');
        await link('My orders').click();
        await seen('Your orders in one place.');
        await page.locator('#tableOrders tr').waitFor();
        expect(await page.locator('#tableOrders tr').count()).toBe(1);
        await window.screenshots('customer-orders');
        await link('View').click();
        await page.locator('#orderStatus', { hasText: 'Shipped' }).waitFor(); // without a reload
        expect(await page.locator('#orderTotal').textContent()).toContain('22.99');
        await window.screenshots('customer-order');
    });
    it('a customer checks out: the button becomes enabled, and "My orders" lists the order', async () => {
        await page.goto('/');
        await logIn('user', 'password');
        await seen('Logged in as User Name');
        await page.goto('/category.html');
        await page
            .locator('#products div.product', { hasText: 'Figueroa' })
            .locator('a', { hasText: 'Add to cart' })
            .click();
        await link('1 item(s) in cart').click();
        await seen('Proceed to checkout');
        await page.locator('button#orderButton:not([disabled])').click();
        await seen('My orders');
        await page.locator('#orderTotal', { hasText: '18.99' }).waitFor();
        await page.goto('/customer-orders.html');
        await page.locator('#tableOrders tr', { hasText: '18.99' }).first().waitFor();
    });
    it('an order over the limit shows why it was declined', async () => {
        await page.goto('/detail.html?id=03fef6ac-1896-4ce8-bd69-b798f85c6e0b');
        await logIn('Eve_Berger', 'eve');
        await seen('Logged in as Eve Berger');
        await link('Add to cart').first().click();
        await seen('1 item(s) in cart');
        await page.goto('/basket.html');
        await page.locator('#cart-list input[type=number]').fill('2');
        await page.getByText('Update basket', { exact: true }).click();
        await seen('2 item(s) in cart');
        await page.locator('button#orderButton:not([disabled])').click();
        await seen('Error placing order. Payment declined: amount exceeds 105.00');
        const expected = /^(406 for|console: Failed to load resource: the server responded with a status of 406)/;
        const others = window.problems.splice(0).filter((problem) => !expected.test(problem));
        expect(others).toEqual([]);
    });
    it.each([
        'register',
        'customer-account',
        'customer-wishlist',
        'checkout1',
        'checkout2',
        'checkout3',
        'checkout4',
    ])('%s.html is a page of the shop', async (name) => {
        await page.goto(`/${name}.html`);
        await page.locator('#content h1').first().waitFor();
        await window.screenshots(name);
    });
});
//# sourceMappingURL=browser.test.js.map