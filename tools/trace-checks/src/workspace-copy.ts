import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { packageOf, ROOT } from './workspace.ts';

const COPIED = [
  ...['libs', 'services', 'tools', 'deploy', 'loadtest', 'e2e', 'docs'],
  ...['package.json', 'tsconfig.base.json', 'jest.preset.mjs'],
];

/** A copy of the built workspace in its own folder, where lines may be changed. It shares the installed packages, which are linked. */
export class WorkspaceCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'sock-shop-mutants-'));

  constructor() {
    for (const name of COPIED) this.copy(name);
    const installed = join(ROOT, 'node_modules');
    mkdirSync(join(this.root, 'node_modules', '@sockshop'), { recursive: true });
    for (const name of readdirSync(installed)) {
      if (name === '@sockshop') continue;
      symlinkSync(join(installed, name), join(this.root, 'node_modules', name));
    }
    for (const name of readdirSync(join(installed, '@sockshop'))) {
      const target = readlinkSync(join(installed, '@sockshop', name)); // relative: to the package in this copy
      symlinkSync(target, join(this.root, 'node_modules', '@sockshop', name));
    }
  }

  /**
   * Calls `work` with the line changed, and the package built from it; afterwards the copy is as before.
   * @throws Error when the changed file does not compile.
   */
  async changed<T>(file: string, from: string, to: string, work: () => Promise<T>): Promise<T> {
    const path = join(this.root, file);
    const dist = join(this.root, packageOf(file), 'dist');
    const kept = `${dist}-kept`;
    const text = readFileSync(path, 'utf8');
    cpSync(dist, kept, { recursive: true, preserveTimestamps: true });
    try {
      writeFileSync(
        path,
        text.replace(from, () => to),
      );
      this.build(packageOf(file));
      return await work();
    } finally {
      writeFileSync(path, text);
      rmSync(dist, { recursive: true });
      cpSync(kept, dist, { recursive: true, preserveTimestamps: true });
      rmSync(kept, { recursive: true });
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private build(folder: string): void {
    const tsc = join(this.root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
    try {
      execFileSync(process.execPath, [tsc, '-b', join(this.root, folder)], { encoding: 'utf8' });
    } catch (error) {
      const { stdout = '' } = error as { stdout?: string }; // what the child printed
      throw new Error(`does not compile: ${stdout.trim()}`, { cause: error });
    }
  }

  private copy(name: string): void {
    cpSync(join(ROOT, name), join(this.root, name), {
      recursive: true,
      preserveTimestamps: true,
      filter: (source, target) => {
        if (basename(source) !== 'node_modules') return true;
        mkdirSync(dirname(target), { recursive: true });
        symlinkSync(source, target);
        return false;
      },
    });
  }
}
