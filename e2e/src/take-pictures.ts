import { command, run } from '@sockshop/cli';
import { findBrowser } from '@sockshop/servers';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

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
