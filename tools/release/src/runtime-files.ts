import { SERVICE_NAMES } from '@sockshop/parts';
import { nodeFileTrace, type NodeFileTraceReasons } from '@vercel/nft';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

/** A kind of machine for which compiled parts of packages are chosen, in Node's words. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
}

/** The folder whose program can be the whole shop or any one of its services. */
export const SHOP = 'deploy/shop';
export const SERVICE_FOLDERS: readonly string[] = SERVICE_NAMES.map((name) => `services/${name}`);
/** Folders of which an image is made. */
export const IMAGE_FOLDERS: readonly string[] = [...SERVICE_FOLDERS, SHOP, 'loadtest'];

/** Read by path and not imported: pages, pictures. */
const DATA = ['dist/storefront', 'images'];
/** Types, source maps and the compiler's notes. */
const UNREAD = /\.d\.[cm]?ts$|\.map$|^\.tsbuildinfo/;
/** Compiled parts for another program than Node. */
const FOREIGN = '.bare';
/** A copy of a package must carry these. */
export const LICENCE = /^(licen[cs]e|notice|copying)/i;

/**
 * The files that the program of each folder, such as `services/carts`, needs at run time, as paths in the workspace. They are found by
 * following the imports from its built `main.js`; with them come the licences of their packages, the parts compiled for `machines`, and
 * what the folder's program reads by path. A link to a workspace's package is on the list itself.
 */
export async function runtimeFiles(
  root: string,
  folders: readonly string[],
  machines: readonly Machine[],
): Promise<Map<string, Set<string>>> {
  // The shop imports services by a name that it computes.
  const programsOf = (folder: string): readonly string[] =>
    folder === SHOP ? [folder, ...SERVICE_FOLDERS] : [folder];
  const mainOf = (folder: string): string => join(folder, 'dist', 'main.js');
  const mains = [...new Set(folders.flatMap(programsOf))].map((each) => join(root, mainOf(each)));
  // Programs name the folder of their data by path; what is in it is their user's.
  const options = { base: root, processCwd: root, conditions: ['node'], ignore: '.sockshop/**' };
  const { reasons } = await nodeFileTrace(mains, options); // one pass: each file is parsed once
  const imports = importsOf(reasons);
  const found = new Map<string, Set<string>>();
  for (const folder of folders) {
    const programs = programsOf(folder);
    const files = reachable(programs.map(mainOf), imports);
    if (folder === SHOP)
      for (const name of SERVICE_NAMES) files.add(`node_modules/@sockshop/${name}`);
    for (const file of programs.flatMap((each) => dataOf(root, each))) files.add(file);
    for (const each of packagesOf(files))
      for (const file of besides(root, each, machines)) files.add(file);
    found.set(folder, new Set([...files].filter((file) => !UNREAD.test(file))));
  }
  return found;
}

/** What the program of a folder reads by path. */
export function dataOf(root: string, folder: string): string[] {
  return DATA.flatMap((name) => filesIn(root, join(folder, name)));
}

/** The files that a package of npm needs, with the packages that it imports and the parts compiled for `machines`. */
export async function filesOfPackage(
  root: string,
  name: string,
  machines: readonly Machine[],
): Promise<string[]> {
  const main = createRequire(join(root, 'package.json')).resolve(name);
  const { fileList } = await nodeFileTrace([main], { base: root, processCwd: root });
  const packages = packagesOf(fileList);
  return [...fileList, ...[...packages].flatMap((folder) => besides(root, folder, machines))];
}

/** The files that each file imports or names, with the links on the way. */
function importsOf(reasons: NodeFileTraceReasons): Map<string, string[]> {
  const imports = new Map<string, string[]>();
  for (const [file, { parents }] of reasons) {
    for (const parent of parents) {
      const known = imports.get(parent);
      if (known) known.push(file);
      else imports.set(parent, [file]);
    }
  }
  return imports;
}

function reachable(from: readonly string[], imports: ReadonlyMap<string, string[]>): Set<string> {
  const files = new Set(from);
  for (const file of files) for (const each of imports.get(file) ?? []) files.add(each);
  return files;
}

/** The folders of npm's packages among the files. */
export function packagesOf(files: Iterable<string>): Set<string> {
  const packages = new Set<string>();
  for (const file of files) {
    const [, folder] = /^(.*node_modules\/(?:@[^/]+\/[^/]+|[^@/][^/]*))\//.exec(file) ?? [];
    if (folder !== undefined) packages.add(folder);
  }
  return packages;
}

/** What comes with a package, though no file imports it by name. */
function besides(root: string, folder: string, machines: readonly Machine[]): string[] {
  const licences = readdirSync(join(root, folder))
    .filter((name) => LICENCE.test(name))
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(join(root, path)).isFile());
  const compiled = machines
    .flatMap(({ platform, arch }) =>
      filesIn(root, join(folder, 'prebuilds', `${platform}-${arch}`)),
    )
    .filter((file) => !file.endsWith(FOREIGN));
  return [...licences, ...compiled];
}

function filesIn(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !UNREAD.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
