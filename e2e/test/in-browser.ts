import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, Window } from './browser-window.ts';
import { type EmbeddedOptions, EmbeddedShop } from './embedded-shop.ts';

const chromium = process.env['TEST_CHROMIUM'];

// Belong to the running test: a file's tests run one after another, and each file has its own copy of this module.
export let shop: EmbeddedShop;
export let window: Window;
export let page: Page;
let browser: Browser;

/**
 * Tests that share one shop and get a window each. A test fails on problems that it has not taken from the window's list.
 * Skipped when TEST_CHROMIUM names no browser.
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

/** Replaces the test's window after closing it. */
export async function openWindow(url: string): Promise<void> {
  window = await Window.open(browser, url);
  page = window.page;
}
