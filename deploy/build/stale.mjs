// What is older than its source. Times, not contents: this runs at every start. Plain JavaScript without dependencies, for Node 20.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const FRONT_END = 'services/front-end';
const PAGE_SETS = ['storefront', 'observatory', 'docs'];
const PAGES = ['index.html', 'observatory.html', 'docs.html'];
/** What pages are made of. */
const PAGE_SOURCES = [
  ...PAGE_SETS.map((folder) => `${FRONT_END}/${folder}`),
  `${FRONT_END}/package.json`,
  'deploy/parts/src',
  'package-lock.json',
];

/** Whether everything that runs is as new as its source. */
export function isBuilt() {
  return staleSources().length === 0 && !pagesAreStale();
}

/** The sources that must be compiled, and where their JavaScript goes. */
export function staleSources() {
  return packageFolders()
    .flatMap((folder) =>
      filesIn(join(folder, 'src')).filter(({ path }) => /(?<!\.d)\.ts$/.test(path)),
    )
    .map(({ path, saved }) => ({
      path,
      saved,
      output: path.replace('/src/', '/dist/').replace(/\.ts$/, '.js'),
    }))
    .filter(({ output, saved }) => savedAt(output) < saved);
}

/** Whether a page is older than something that it may be made of. */
export function pagesAreStale() {
  const built = PAGES.map((page) => savedAt(`${FRONT_END}/dist/storefront/${page}`));
  const saved = PAGE_SOURCES.flatMap(filesIn).map((file) => file.saved);
  return Math.min(...built) < Math.max(...saved);
}

function packageFolders() {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) => {
      const parent = pattern.replace(/\/\*$/, '');
      if (parent === pattern) return [pattern];
      if (!existsSync(join(ROOT, parent))) return []; // a copy of the workspace may leave some out
      return names(parent).map((name) => `${parent}/${name}`);
    })
    .filter((folder) => existsSync(join(ROOT, folder, 'src')));
}

/** All files below a path, which may be one itself. */
function filesIn(path) {
  const stat = statSync(join(ROOT, path));
  if (!stat.isDirectory()) return [{ path, saved: stat.mtimeMs }];
  return names(path).flatMap((name) => filesIn(`${path}/${name}`));
}

function names(folder) {
  return readdirSync(join(ROOT, folder)).filter((name) => !name.startsWith('.'));
}

/** When a file was saved, in milliseconds; 0 when there is none. */
function savedAt(path) {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
