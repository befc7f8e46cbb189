import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { ROOT } from './root.ts';

/** Where and of what a measurement was made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly kernel: string;
  readonly node: string;
  /** The commit that is checked out, with `+` where files are changed; empty outside of a Git checkout. */
  readonly commit: string;
  readonly at: string;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
    kernel: `${type()} ${release()}`,
    node: process.version,
    commit: commit(),
    at: new Date().toISOString(),
  };
}

function commit(): string {
  const git = (...words: string[]): string =>
    execFileSync('git', words, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short=10', 'HEAD') + (changed ? '+' : '');
  } catch {
    return ''; // no Git, or no checkout
  }
}
