import { until } from '@sockshop/testing';
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace-process.ts';
const FLAGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];
const SCREENSHOTS = join(ROOT, '.sockshop', 'screenshots');
// As text: what runs in the page does not know Node's types, nor Node the page's.
const PICTURES_LOADED = "[...document.images].every(({ loading, complete }) => loading === 'lazy' || complete)";
/** How many pixels the page is wider than the window. */
const TOO_WIDE = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
export function openBrowser(executablePath) {
    return chromium.launch({ executablePath, args: FLAGS });
}
/** A window with its own cookies, which records its problems. */
export class Window {
    page;
    /** Console errors and warnings, script exceptions, failed requests and requests to other hosts. */
    problems = [];
    constructor(page) {
        this.page = page;
    }
    static async open(browser, url) {
        const context = await browser.newContext({ baseURL: url });
        context.setDefaultTimeout(15_000);
        const window = new Window(await context.newPage());
        window.watch(new URL(url).host);
        return window;
    }
    async close() {
        await this.page.context().close();
    }
    /** Screenshots of the whole page, in the width of a phone and of a desktop. */
    async screenshots(name) {
        mkdirSync(SCREENSHOTS, { recursive: true });
        for (const [width, height] of [
            [390, 844],
            [1440, 900],
        ]) {
            await this.page.setViewportSize({ width, height });
            // Not the page's own wait functions: they evaluate text, which the shop's security policy forbids.
            const loaded = () => this.page.evaluate(PICTURES_LOADED);
            await until(loaded, Boolean);
            const path = join(SCREENSHOTS, `${name}-${width}.png`);
            await this.page.screenshot({ path, fullPage: true });
            const over = await this.page.evaluate(TOO_WIDE);
            if (over > 0)
                this.problems.push(`${name} is ${over} px wider than a screen of ${width} px`);
        }
    }
    watch(host) {
        const { page, problems } = this;
        page.on('console', (message) => {
            if (message.type() === 'error' || message.type() === 'warning') {
                problems.push(`console: ${message.text()} ${message.location().url}`);
            }
        });
        page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
        page.on('request', (request) => {
            const url = new URL(request.url());
            if (url.host !== host && url.protocol !== 'data:')
                problems.push(`asks ${request.url()}`);
        });
        page.on('response', (response) => {
            if (response.status() >= 400)
                problems.push(`${response.status()} for ${response.url()}`);
        });
        page.on('requestfailed', (request) => {
            const why = request.failure()?.errorText;
            // Leaving a page aborts its running requests.
            if (why !== 'net::ERR_ABORTED')
                problems.push(`${request.url()}: ${why ?? 'failed'}`);
        });
    }
}
//# sourceMappingURL=browser-window.js.map