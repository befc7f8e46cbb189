import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, Window } from './browser-window.ts';
import { type EmbeddedOptions, EmbeddedShop } from './embedded-shop.ts';

const chromium = process.env['TEST_CHROMIUM'];

// Those of the test that runs: a file's tests run one after the other, and each file has its own copy of this one.
export let shop: EmbeddedShop;
export let window: Window;
export let page: Page;
let browser: Browser;

/**
 * Tests with one shop for all of them and a window for each, in which nothing goes wrong but what the test takes from its problems.
 * Skipped where TEST_CHROMIUM names no browser.
 */
export function inBrowser(name: string, tests: () => void, options?: EmbeddedOptions): void {
  (chromium ? describe : describe.skip)(name, () => {
    beforeAll(async () => {
      shop = await EmbeddedShop.start(options);
      browser = await openBrowser(chromium!);
    });
    afterAll(async () => {
      await browser.close();
      await shop.stop();
    });
    beforeEach(async () => {
      await openWindow(shop.url);
    });
    afterEach(async () => {
      await window.close();
      expect(window.problems).toEqual([]);
    });
    tests();
  });
}

/** In place of the test's own window, once that is closed. */
export async function openWindow(url: string): Promise<void> {
  window = await Window.open(browser, url);
  page = window.page;
}
