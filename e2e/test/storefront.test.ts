import { describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { inBrowser, page, window } from './in-browser.ts';
import { scriptBytes, shifts, violations, watchShifts } from './page-checks.ts';
import {
  api,
  aCustomer,
  cart,
  CAT,
  expectProblems,
  FIGUEROA,
  HOLY,
  inCart,
  path,
  seen,
  texts,
} from './storefront-window.ts';

jest.setTimeout(90_000);

/** The storefront's additions. The parts that clients of the original shop look for are in browser.test.ts. */
inBrowser('the storefront', () => {
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
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
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
    const focus = (what: string) => page.evaluate<string>(`document.activeElement.${what}`);
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
    const asked: string[] = [];
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
    const pages: [name: string, url: string, there: string][] = [
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
      const { id } = (await (await api().post('/orders')).json()) as { id: string };
      const order = `/customer-order.html?order=/orders/${id}`;
      await until(cart, (lines) => lines.length === 0);
      await inCart(CAT, CAT, HOLY);
      await watchShifts(page);
      await page.emulateMedia({ reducedMotion: 'reduce' }); // what fades in has no contrast yet
      const found: unknown[] = [];
      const all: typeof pages = [...pages, ['customer-order', order, '[role="treegrid"]']];
      for (const [name, url, there] of all) {
        await page.goto(url);
        await page.locator(there).first().waitFor();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const violation of await violations(page))
            found.push([name, colorScheme, violation]);
        }
        const moved = await shifts(page);
        if (moved > 0.02) found.push([name, 'layout shift', moved]);
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
});
