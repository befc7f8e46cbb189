import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { openBrowser, Window } from './browser-window.ts';
import { EmbeddedShop } from './embedded-shop.ts';
const chromium = process.env['TEST_CHROMIUM'];
// Belong to the running test: a file's tests run one after another, and each file has its own copy of this module.
export let shop;
export let window;
export let page;
let browser;
/**
 * Tests that share one shop and get a window each. A test fails on problems that it has not taken from the window's list.
 * Skipped when TEST_CHROMIUM names no browser.
 */
export function inBrowser(name, tests, options) {
    (chromium ? describe : describe.skip)(name, () => {
        beforeAll(async () => {
            shop = await EmbeddedShop.start(options);
            browser = await openBrowser(chromium);
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
export async function openWindow(url) {
    window = await Window.open(browser, url);
    page = window.page;
}
//# sourceMappingURL=in-browser.js.map