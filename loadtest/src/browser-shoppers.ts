import { CommandError } from '@sockshop/cli';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { FailurePause, thinkMs } from './pace.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { setTimeout } from 'node:timers/promises';
import type { Tally } from './tally.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** How long something may take to appear, in ms. */
const patienceMs = 15_000;
/** Streams of random numbers that no other shopper has. */
const firstStream = 1_000_000;
const journey = 'browser';

/** People who see the pages: windows of a real browser, each with cookies of its own. */
export class BrowserShoppers {
  /** The browser is closed, or will be: what does not appear is not the shop's fault. */
  private over = false;

  private constructor(
    private readonly browser: Browser,
    private readonly options: Options,
    private readonly tally: Tally,
  ) {}

  /** @throws CommandError without the library or a browser */
  static async start(options: Options, tally: Tally): Promise<BrowserShoppers> {
    const { chromium } = await import('playwright-core').catch((cause: unknown) => {
      throw new CommandError('--browser needs Playwright: npm install playwright-core', { cause });
    });
    const executablePath = findBrowser(process.env);
    // Without a sandbox it also runs as root, as in containers; it opens the pages of the shop only.
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    const browser = await chromium.launch({ executablePath, args, handleSIGINT: false });
    return new BrowserShoppers(browser, options, tally);
  }

  /** So many windows, until stopped. */
  async run(windows: number, stop: AbortSignal): Promise<void> {
    const close = () => {
      this.over = true;
      void this.browser.close();
    };
    stop.addEventListener('abort', close, { once: true });
    try {
      const numbers = Array.from({ length: windows }, (_, index) => index);
      await Promise.all(numbers.map((number) => this.visitAgain(number, stop)));
    } finally {
      stop.removeEventListener('abort', close);
      await this.browser.close();
    }
  }

  private async visitAgain(number: number, stop: AbortSignal): Promise<void> {
    const random = new Random(this.options.seed, firstStream + number);
    const pause = new FailurePause(random);
    const wait = (ms: number) => setTimeout(ms, undefined, { signal: stop }).catch(() => undefined);
    while (!stop.aborted) {
      const started = performance.now();
      const done = await this.visit(random, wait).catch((error: unknown) => {
        if (this.over) return undefined; // the browser is closed at the end
        throw error;
      });
      if (done === undefined) return;
      this.tally.visited(journey, performance.now() - started, done);
      if (done) pause.reset();
      else await wait(pause.nextMs());
    }
  }

  /** Looks at a sock, puts it in the cart, and looks at the cart. @returns whether all of it appeared */
  private async visit(random: Random, wait: (ms: number) => Promise<unknown>): Promise<boolean> {
    const context = await this.newWindow();
    this.tally.inShop(1);
    try {
      const page = await context.newPage();
      const products = page.locator('#products .product a[href*="detail.html"]:visible');
      const steps: [name: string, step: () => Promise<unknown>][] = [
        ['/', () => page.goto(this.address('/'))],
        [
          '/category.html',
          () => this.open(page, '/category.html', '#products .product a[href*="detail.html"]'),
        ],
        [
          '/detail.html',
          async () => {
            await products.nth(random.whole(0, (await products.count()) - 1)).click();
            await page.locator('#buttonCart').waitFor();
          },
        ],
        [
          'add to cart',
          async () => {
            await page.locator('#buttonCart').click();
            await page.locator('#numItemsInCart', { hasText: /^\s*[1-9]/ }).waitFor();
          },
        ],
        ['/basket.html', () => this.open(page, '/basket.html', '#cart-list tr')],
      ];
      for (const [name, step] of steps) {
        if (!(await this.timed(`browser ${name}`, step))) return false;
        await wait(thinkMs(this.options.think, random));
      }
      return true;
    } finally {
      this.tally.inShop(-1);
      await context.close().catch(() => undefined); // the browser may be closed
    }
  }

  private async newWindow(): Promise<BrowserContext> {
    const context = await this.browser.newContext();
    context.setDefaultTimeout(patienceMs);
    context.on('response', (response) => {
      const status = response.status();
      if (status < 500) return;
      const { pathname } = new URL(response.url());
      const [, first = ''] = pathname.split('/');
      const route = `browser ${response.request().method()} /${first}`; // without ids
      const traceId = response.headers()['x-trace-id'] ?? '';
      const detail = response.statusText();
      const result = { journey: '', route, status: String(status), outcome: 'error' } as const;
      this.tally.record({
        ...result,
        ms: response.request().timing().responseEnd,
        detail,
        traceId,
      });
    });
    return context;
  }

  private async open(page: Page, path: string, shows: string): Promise<void> {
    await page.goto(this.address(path));
    await page.locator(shows).first().waitFor();
  }

  private address(path: string): string {
    return this.options.url.href.replace(/\/$/, '') + path;
  }

  /** Counts how long it takes until it has appeared. */
  private async timed(route: string, step: () => Promise<unknown>): Promise<boolean> {
    const started = performance.now();
    const count = (status: string, outcome: 'ok' | 'error', detail: string) => {
      const ms = performance.now() - started;
      this.tally.record({ journey, route, status, outcome, ms, detail, traceId: '' });
    };
    try {
      await step();
      count('shown', 'ok', '');
      return true;
    } catch (error) {
      if (this.over) throw error;
      const message = Error.isError(error) ? (error.message.split('\n')[0] ?? '') : '';
      count('not shown', 'error', message);
      return false;
    }
  }
}

/** CHROMIUM, else what is on the PATH. @throws CommandError */
export function findBrowser(env: NodeJS.ProcessEnv): string {
  const { CHROMIUM: given } = env;
  if (given) return given;
  const paths = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => programs.map((program) => join(folder, program)));
  const found = paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found !== undefined) return found;
  throw new CommandError(
    '--browser needs Chromium or Chrome: install one so that it is on the PATH (Debian: apt install chromium), or name it with CHROMIUM=/path/to/it.',
  );
}
