import { expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { violations } from './page-checks.ts';
import { inBrowser, page } from './in-browser.ts';
import { SOCKS } from './shopper.ts';
jest.setTimeout(90_000);
inBrowser('what page tests of the original look for', () => {
    it('is there: the links of the top bar, the dialogs, and the words after a registration', async () => {
        await page.goto('/');
        await page.locator('#top a[data-target="#login-modal"]').click();
        expect(await page.locator('#login-modal .modal-header h4').textContent()).toBe('Login');
        expect(await violations(page)).toEqual([]);
        await page.locator('#login-modal button.close').click();
        await page.locator('#login-modal').waitFor({ state: 'hidden' });
        await page.locator('#top a[data-target="#register-modal"]').click();
        const form = page.locator('#register-modal form');
        for (const field of ['username', 'firstName', 'lastName', 'password']) {
            await form.locator(`[name=${field}]`).fill(`${field}-${randomBytes(3).toString('hex')}`);
        }
        await form.locator('[name=email]').fill('bea@example.org');
        await form.locator('button.btn.btn-primary').click();
        const words = page.locator('#registration-message .alert');
        await words.getByText('Registration and login successful.').waitFor();
        await page.locator('#howdy a').getByText('Logged in as firstName-').waitFor();
        expect(await page.locator('#top .dropdown-toggle').textContent()).toBe('Catalogue');
    });
    it('is there: the basket in the menu, and a link in each row of the basket that deletes it', async () => {
        await page.goto(`/detail.html?id=${SOCKS.nerd.id}`);
        await page.locator('a', { hasText: 'Add to cart' }).first().click();
        await page.getByText('1 item in cart').filter({ visible: true }).first().waitFor();
        await page.locator('#basket-overview a:has(i.fa-shopping-cart)').click();
        const row = page.locator('#cart-list tr');
        await row.locator('td').last().waitFor();
        expect(await row.locator('td').count()).toBeGreaterThanOrEqual(3);
        expect(await violations(page)).toEqual([]);
        await row.locator('td').last().locator('a').click();
        await row.waitFor({ state: 'detached' });
    });
});
//# sourceMappingURL=original-selectors.test.js.map