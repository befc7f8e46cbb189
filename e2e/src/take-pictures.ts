import { command, run } from '@sockshop/cli';
import { findBrowser } from '@sockshop/servers';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..'); // e2e/dist
const PICTURES = join(ROOT, 'docs/pictures');
const SIZE = { width: 1280, height: 800 };
/** The Observatory's first minute with shoppers shows them registering; its picture is of the minute after. */
const LOAD_S = 130;

/** `npm run pictures`: takes the README's pictures of a shop that it starts, in a real browser, and puts load on it for the last one. */
async function takePictures(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'sock-shop-pictures-'));
  const shop = node(
    'deploy/embedded/dist/main.js',
    '--port',
    '0',
    '--trace-port',
    '0',
    '--data',
    data,
  );
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const url = await printed(shop, /^Sock Shop is ready: (.+)$/m);
    const page = await browser.newPage({ baseURL: url, viewport: SIZE, colorScheme: 'light' });
    mkdirSync(PICTURES, { recursive: true });
    await theShop(page);
    await theTraceDrawer(page);
    await theLogLines(page);
    const load = node(
      'loadtest/dist/main.js',
      '--url',
      url,
      '--shoppers',
      '8',
      '--duration',
      `${LOAD_S}s`,
    );
    const loaded = ended(load);
    await theObservatory(page);
    await loaded;
    await theVersions(browser);
  } finally {
    await browser.close();
    shop.kill('SIGTERM');
    await ended(shop);
    rmSync(data, { recursive: true });
  }
}

async function theShop(page: Page): Promise<void> {
  await page.goto('/category.html');
  await page.locator('#products .product').nth(5).waitFor();
  await picture(page, 'shop');
}

/** The trace of an order that was placed a moment ago, with all that happened up to its shipment. */
async function theTraceDrawer(page: Page): Promise<void> {
  const { request } = page.context();
  await request.get('/login', { headers: { authorization: `Basic ${btoa('user:password')}` } });
  await request.post('/cart', { data: { id: '819e1fbf-8b7e-4f6d-811f-693534916a8b' } });
  await page.goto('/basket.html');
  await page.locator('button#orderButton:not([disabled])').click();
  await page.waitForURL('**/customer-order.html?order=/orders/*');
  await page.locator('.alert button').click();
  await page.locator('.trace-handle').click();
  const drawer = page.locator('dialog.trace-drawer');
  await drawer.locator('.td-list button', { hasText: 'place order' }).first().click();
  await drawer.locator('.wf-span', { hasText: 'process shipment-events' }).waitFor();
  await drawer.getByText('still running').waitFor({ state: 'hidden' });
  await picture(page, 'trace-drawer');
}

/** What orders logged while it placed the order, below its span in the drawer. */
async function theLogLines(page: Page): Promise<void> {
  const drawer = page.locator('dialog.trace-drawer');
  const span = drawer.locator('.wf-title', { hasText: 'orders POST /orders' });
  await span.last().click();
  await drawer.locator('.sd-logs li', { hasText: 'order placed' }).waitFor();
  await drawer.locator('.sd-logs').scrollIntoViewIfNeeded();
  await picture(page, 'log-lines');
}

/** Two versions of orders beside each other, in a shop of processes, with the commands of the mesh. */
async function theVersions(browser: Browser): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'sock-shop-versions-'));
  const ports = ['--port', '0', '--zipkin-port', '0', '--dir', dir];
  const shop = node('deploy/distributed/dist/main.js', 'start:distributed', ...ports);
  try {
    const url = await printed(shop, /^Sock Shop is ready: (.+)$/m);
    const mesh = (...args: string[]) =>
      ended(node('deploy/mesh/dist/main.js', ...args, '--shop', dir));
    await mesh('deploy', 'orders', '--version', 'v2');
    await mesh('canary', 'orders', 'v2', '25');
    await ended(
      node('loadtest/dist/main.js', '--url', url, '--shoppers', '5', '--duration', '60s'),
    );
    const page = await browser.newPage({ baseURL: url, viewport: SIZE, colorScheme: 'light' });
    await page.goto('/observatory?service=orders&window=300');
    await page.locator('.versions tbody tr').nth(3).waitFor();
    await page.evaluate("document.querySelector('.versions').scrollIntoView()");
    await picture(page, 'versions');
  } finally {
    shop.kill('SIGTERM');
    await ended(shop);
    rmSync(dir, { recursive: true });
  }
}

/** While shoppers keep the shop busy. */
async function theObservatory(page: Page): Promise<void> {
  await page.goto('/observatory');
  await page.locator('.part', { hasText: 'queue-master' }).waitFor();
  await page.waitForTimeout((LOAD_S - 10) * 1000);
  await picture(page, 'observatory');
}

async function picture(page: Page, name: string): Promise<void> {
  // "中文" is boxes where the machine has no Chinese font.
  await page.evaluate("document.querySelector('#language').style.visibility = 'hidden'");
  await page.screenshot({ path: join(PICTURES, `${name}.jpg`), type: 'jpeg', quality: 80 });
  console.log(`docs/pictures/${name}.jpg`);
}

function node(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [join(ROOT, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the pattern finds in the output. @throws Error when the process ends without it. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, found] = pattern.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => {
      reject(new Error(`ended without ${String(pattern)}:\n${output}`));
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
}

await run(
  command('npm run pictures --')
    .description("Takes the README's pictures of a shop under load, in a real browser.")
    .action(takePictures),
);
