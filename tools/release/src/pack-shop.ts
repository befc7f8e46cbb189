import { execFile } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runtimeFiles, SHOP } from './runtime-files.ts';

const run = promisify(execFile);

/** The machines for which the package has compiled parts. */
const MACHINES = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'].map(
  (name) => {
    const [platform = '', arch = ''] = name.split('-');
    return { platform, arch };
  },
);

/** The files of `npx` that the package has beside the shop. */
const NPX = ['deploy/shop/npx/sock-shop.js', 'deploy/shop/npx/README.md', 'deploy/node-flags.json'];

export interface PackedShop {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Packs the whole shop into `sock-shop-VERSION.tgz` in the folder: all that it needs, npm's packages included, so that `npx` has nothing to
 * resolve, to compile or to ask a registry for. Everything must be built.
 */
export async function packShop(root: string, folder: string): Promise<PackedShop> {
  const staging = mkdtempSync(join(tmpdir(), 'sock-shop-pack-'));
  try {
    const files = (await runtimeFiles(root, [SHOP], MACHINES)).get(SHOP) ?? new Set<string>();
    for (const file of files) {
      if (lstatSync(join(root, file)).isSymbolicLink()) continue; // npm unpacks no links: see `placeOf`
      copy(join(root, file), join(staging, 'shop', placeOf(file)));
    }
    for (const file of NPX) copy(join(root, file), join(staging, file.split('/').pop() ?? file));
    copy(join(root, 'LICENSE'), join(staging, 'LICENSE'));
    writeFileSync(join(staging, 'package.json'), JSON.stringify(manifest(root), undefined, 2));
    mkdirSync(folder, { recursive: true });
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await run('npm', args, { cwd: staging });
    const [made] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>); // a list, or by name in newer versions of npm
    if (!made) throw new Error(`npm pack printed ${stdout}`);
    const path = join(folder, made.filename);
    return { path, bytes: statSync(path).size };
  } finally {
    rmSync(staging, { recursive: true });
  }
}

/** A package of the workspace is in the place of the link that leads to it. */
function placeOf(file: string): string {
  const [, name, rest] = /^(?:libs|services|tools|deploy)\/([^/]+)\/(.*)$/.exec(file) ?? [];
  return name === undefined ? file : join('node_modules', '@sockshop', name, rest ?? '');
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { preserveTimestamps: true });
}

/** Without dependencies: the packages are in the folder `shop`, in the versions of the lock file. */
function manifest(root: string): object {
  const { version, description, license, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<string, string> & { devDependencies: Record<string, string> };
  return {
    name: 'sock-shop',
    version,
    description,
    license,
    type: 'module',
    bin: { 'sock-shop': 'sock-shop.js' },
    engines: { node: '>=20' },
    files: ['sock-shop.js', 'node-flags.json', 'shop'],
    config: { node: devDependencies['node'] },
  };
}
