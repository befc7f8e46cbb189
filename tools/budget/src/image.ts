import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an image holds besides its base. */
export interface ImageContents {
  readonly bytes: number;
  /** Of npm, the workspace's own not counted. */
  readonly packages: number;
}

interface LockedPackage {
  readonly link?: boolean;
  /** Needed for development alone. */
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}
type Lock = Readonly<Record<string, LockedPackage>>;

/** As in deploy/Dockerfile: types, source maps and the compiler's notes are deleted. */
const DELETED = /\.d\.[cm]?ts$|\.map$|^\.tsbuildinfo/;
/** Of a folder of the workspace, what is not deleted after the build. */
const KEPT = ['dist', 'images'];

/**
 * Counts what deploy/Dockerfile puts into the image of a folder such as `services/carts`: the packages that npm installs for it without
 * the ones for development, the output of all libraries, and its own. No container engine is needed: the lock file says which packages
 * these are, and the workspace has them.
 */
export function imageContents(root: string, folder: string): ImageContents {
  const { packages: lock } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lock; // as npm writes it
  };
  const installed = productionPackages(root, lock, folder);
  const libraries = Object.keys(lock).filter((path) => /^libs\/[^/]+$/.test(path));
  const output = [...libraries, 'tools/cli', folder].flatMap((path) =>
    KEPT.map((name) => join(root, path, name)),
  );
  const manifests = Object.keys(lock)
    .filter((path) => !path.includes('node_modules'))
    .map((path) => join(root, path, 'package.json'));
  const files = [...manifests, join(root, 'package-lock.json')];
  const bytes =
    [...installed.map((path) => join(root, path)), ...output].reduce(
      (sum, path) => sum + bytesIn(path),
      0,
    ) + files.reduce((sum, file) => sum + (existsSync(file) ? lstatSync(file).size : 0), 0);
  return { bytes, packages: installed.length };
}

/**
 * The paths of the packages that npm installs for a folder. It follows links to the workspace's own packages, their development
 * dependencies included, and then leaves out what the lock file marks as needed for development alone.
 */
function productionPackages(root: string, lock: Lock, folder: string): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const [name, optional] of needsOf(path, lock[path] ?? {})) {
      const at = resolved(lock, path, name);
      const target = at === undefined ? undefined : targetOf(lock, at);
      if (target !== undefined && lock[target]?.dev) continue;
      if (target !== undefined && existsSync(join(root, target))) visit(target);
      else if (!optional) throw new Error(`${path} needs ${name}, which is not installed`);
    }
  };
  visit(folder);
  return [...found].filter((path) => path.includes('node_modules/'));
}

/** The workspace's own package behind a link. */
function targetOf(lock: Lock, path: string): string {
  const { link, resolved = path } = lock[path] ?? {};
  return link ? resolved : path;
}

/** Names, and whether it does without. */
function needsOf(path: string, manifest: LockedPackage): [name: string, optional: boolean][] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  const development = path.includes('node_modules/') ? {} : (manifest.devDependencies ?? {});
  const isOptionalPeer = (name: string): boolean =>
    manifest.peerDependenciesMeta?.[name]?.optional === true;
  const must = [
    ...Object.keys({ ...dependencies, ...development }),
    ...Object.keys(peerDependencies).filter((name) => !isOptionalPeer(name)),
  ];
  // An optional peer is installed where anything in the workspace brings it.
  const may = [
    ...Object.keys(optionalDependencies),
    ...Object.keys(peerDependencies).filter(isOptionalPeer),
  ];
  return [
    ...must.map((name): [string, boolean] => [name, false]),
    ...may.map((name): [string, boolean] => [name, true]),
  ];
}

/** Where Node finds it: in the nearest `node_modules` above. */
function resolved(lock: Lock, from: string, name: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const path = at === '.' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (Object.hasOwn(lock, path)) return path;
    if (at === '.') return undefined;
  }
}

/** Packages inside of packages are on the list themselves. */
function bytesIn(path: string): number {
  if (!existsSync(path)) return 0;
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && !DELETED.test(name))
    .reduce((sum, entry) => {
      const inside = join(path, entry.name);
      return sum + (entry.isDirectory() ? bytesIn(inside) : lstatSync(inside).size);
    }, 0);
}
