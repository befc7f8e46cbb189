import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundleShop, placeOf } from './bundle-shop.ts';
import { dataOf, filesOfPackage, packagesOf, SERVICE_FOLDERS, SHOP } from './runtime-files.ts';
import { thirdPartyLicences } from './third-party-licences.ts';

const run = promisify(execFile);

/** The machines for which the package has compiled parts. */
const MACHINES = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'].map(
  (name) => {
    const [platform = '', arch = ''] = name.split('-');
    return { platform, arch };
  },
);

/** Compiled for a kind of machine, and found by its path: it stays a package of its own. */
const COMPILED = 'sodium-native';

/** The files that the package has beside the shop. */
const BESIDE = [
  'deploy/shop/npx/sock-shop.js',
  'deploy/shop/npx/README.md',
  'deploy/node-flags.json',
  'LICENSE',
];
const LICENCES = 'THIRD-PARTY-LICENCES.txt';

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
    const shop = join(staging, 'shop');
    const compiled = await filesOfPackage(root, COMPILED, MACHINES);
    const programs = [SHOP, ...SERVICE_FOLDERS];
    const data = programs.flatMap((folder) => dataOf(root, folder));
    const manifests = programs.map((folder) => join(folder, 'package.json'));
    for (const file of [...compiled, ...data, ...manifests])
      copy(join(root, file), join(shop, placeOf(file)));
    const bundled = await bundleShop(root, shop, [COMPILED]);
    const licences = thirdPartyLicences(root, packagesOf([...bundled, ...compiled]));
    writeFileSync(join(staging, LICENCES), licences);
    for (const file of BESIDE) copy(join(root, file), join(staging, basename(file)));
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
    files: ['sock-shop.js', 'node-flags.json', LICENCES, 'shop'],
    config: { node: devDependencies['node'] },
  };
}
