import { machine, ROOT } from '@sockshop/measure';
import type { Say } from '@sockshop/supervisor';
import { makePrivateFolder } from '@sockshop/supervisor';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from './bench-shop.ts';
import { measureGrid } from './grid.ts';
import { measureGrowth } from './growth.ts';
import type { BenchOptions } from './options.ts';
import type { Result } from './result.ts';

/** The whole run, in a folder of its own that is deleted at the end. */
export async function measureAll(
  options: BenchOptions,
  signal: AbortSignal,
  say: Say,
): Promise<Result> {
  const startedAt = performance.now();
  const state = join(ROOT, '.sockshop'); // the disk on which users' data are
  makePrivateFolder(state);
  const folder = await mkdtemp(join(state, 'bench-'));
  try {
    const about = machine();
    const run: Run = { folder, seconds: options.seconds, signal, say, errors: [] };
    const growth = options.growth
      ? await measureGrowth(options, run)
      : { growth: [], orderTraces: [] };
    const deadline = startedAt + options.within * 60_000;
    const grid = await measureGrid(options, run, deadline);
    return {
      format: 1,
      command: ['npm run bench', ...commandLine()].join(' '),
      machine: about,
      secondsEach: options.seconds,
      tookSeconds: Math.round((performance.now() - startedAt) / 1000),
      ...grid,
      ...growth,
      errors: run.errors,
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Without names of files: they are of the person who ran it. */
function commandLine(): string[] {
  const words = process.argv.slice(2);
  const files = ['--json', '--markdown'];
  const kept = words.filter(
    (word, at) => !files.some((file) => word.startsWith(file) || words[at - 1] === file),
  );
  return kept.length === 0 ? [] : ['--', ...kept];
}
