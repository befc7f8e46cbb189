// Makes what the shop runs on: JavaScript by SWC, as in the tests, and the pages. It checks no types: `npm test` and `npm run build` do.
import { transformFile } from '@swc/core';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import preset from '../../jest.preset.mjs';
import { pagesAreStale, ROOT, staleSources } from './stale.mjs';

const [[, jest]] = Object.values(preset.transform);
const OPTIONS = {
  ...jest,
  jsc: { ...jest.jsc, rewriteRelativeImportExtensions: true },
  sourceMaps: true,
  inlineSourcesContent: false,
};

/** A file that is saved while the build runs is newer than what is built of it. */
const started = new Date();

/** Writes a module's JavaScript and its source map, as `tsc` does. */
async function compile({ path, output }) {
  const source = join(ROOT, path);
  const target = join(ROOT, output);
  const sourceFileName = relative(dirname(target), source);
  const { code, map } = await transformFile(source, {
    ...OPTIONS,
    sourceFileName,
    outputPath: target,
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.map`, map);
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  utimesSync(target, started, started);
}

const sources = staleSources();
console.log(`${sources.length} modules`);
await Promise.all(sources.map(compile));
if (pagesAreStale()) {
  console.log('pages');
  await import('../../services/front-end/build-pages.mjs');
}
