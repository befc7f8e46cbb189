// Builds the three sets of pages at once, in one process.
import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const OUTPUT = join(import.meta.dirname, 'dist/storefront');
const SETS = { storefront: 'index.html', observatory: 'observatory.html', docs: 'docs.html' };

/** A file that is saved while the build runs must be newer than the pages. */
const started = new Date();

rmSync(OUTPUT, { recursive: true, force: true });
await Promise.all(
  Object.keys(SETS).map((set) => build({ root: join(import.meta.dirname, set), logLevel: 'warn' })),
);
for (const page of Object.values(SETS)) utimesSync(join(OUTPUT, page), started, started);
