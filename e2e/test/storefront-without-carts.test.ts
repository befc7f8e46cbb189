import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TcpProxy, until } from '@sockshop/testing';
import { inBrowser, openWindow, page, shop, window } from './in-browser.ts';
import { violations } from './page-checks.ts';
import { TEST_SETTINGS } from './shop.ts';
import { api, CAT, expectProblems, inCart, seen } from './storefront-window.ts';
import { WorkspaceProcess } from './workspace-process.ts';

jest.setTimeout(90_000);

inBrowser('the storefront', () => {
  describe('without carts', () => {
    let gate: TcpProxy;
    let frontEnd: WorkspaceProcess;
    let shopUrl: string;

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
      shopUrl = `http://127.0.0.1:${listening!}`;
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
      expect(await link.getAttribute('href')).toBe(`/observatory?trace=${traceId!}`);
      await page.goto(`/detail.html?id=${CAT}`);
      await seen('Soft paws for people.');
      await page.locator('#buttonCart').click();
      await seen('Cat socks could not be put into your cart.');
      expect(await violations(page)).toEqual([]);
      expectProblems(503);

      await gate.restore();
      const notice = page.locator('#notices .alert', { hasText: 'Cart not available' });
      await until(
        async () => {
          if (await notice.isVisible())
            await notice.getByRole('button', { name: 'Try again' }).click();
          return page.locator('#numItemsInCart').textContent();
        },
        (text) => text === '0 items in cart',
      );
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
