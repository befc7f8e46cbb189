// Renders every scene in a browser to the JPEG that the seed names, 800 × 800: `node render.mjs`.
// CHROMIUM names the browser if it is not Debian's.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { scenes } from './scenes.mjs';

const MOST_BYTES = 60_000; // a page shows ten of them
const folder = fileURLToPath(new URL('../images/', import.meta.url));
const profile = await mkdtemp(join(tmpdir(), 'pictures-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 800, height: 800 },
  args: [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    ...['--disable-background-networking', '--disable-component-update'],
  ],
});
try {
  const page = await browser.newPage();
  for (const name of Object.keys(scenes)) {
    const svg = await readFile(join(folder, name.replace(/\.\w+$/, '.svg')), 'utf8');
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    for (const quality of [82, 76, 70]) {
      const jpeg = await page.screenshot({ type: 'jpeg', quality });
      await writeFile(join(folder, name), jpeg);
      if (jpeg.length <= MOST_BYTES) break;
    }
  }
} finally {
  await browser.close();
  await rm(profile, { recursive: true });
}
