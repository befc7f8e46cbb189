import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** A package as `npm pack` makes it. */
export interface Packed {
  readonly path: string;
  readonly files: readonly string[];
}

/** Packs libs/tracing, as it is built, into the folder. */
export async function packed(folder: string): Promise<Packed> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: join(ROOT, 'libs/tracing') });
  const [made] = Object.values(JSON.parse(stdout) as Record<string, NpmPack>); // a list, or by name in newer versions of npm
  if (!made) throw new Error(`npm pack printed ${stdout}`);
  return { path: join(folder, made.filename), files: made.files.map(({ path }) => path) };
}

interface NpmPack {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** An empty project in the folder. */
export function emptyProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', private: true };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}

/** Installs packages from the registry, or files. */
export async function install(folder: string, packages: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...packages], { cwd: folder });
}
