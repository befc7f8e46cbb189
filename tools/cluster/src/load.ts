import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { ProgramFailedError } from './run-program.ts';
import { until } from './until.ts';

const GENERATOR = join(ROOT, 'loadtest/dist/main.js');

export interface LoadResult {
  readonly requests: number;
  readonly failed: number;
  readonly orders: number;
  readonly seconds: number;
  readonly p95Ms: number;
  /** What failed, a line each. */
  readonly failures: readonly string[];
}

interface LoadOptions {
  readonly url: string;
  readonly shoppers: number;
  /** For its summary. */
  readonly dir: string;
  /** Before each request; `npm run load` documents the forms. */
  readonly think?: string;
  /** What the shoppers do; default: a mixture. */
  readonly journeys?: string;
}

/** Lets shoppers shop while `work` is done, from their first requests on, and counts what they got. */
export async function underLoad(
  { url, shoppers, dir, think = '200ms', journeys }: LoadOptions,
  work: () => Promise<void>,
): Promise<LoadResult> {
  const json = join(dir, 'load.json');
  await rm(json, { force: true });
  const child = spawn(
    process.execPath,
    [
      ...[GENERATOR, '--url', url, '--shoppers', `${shoppers}`, '--think', think],
      ...['--json', json],
      ...(journeys === undefined ? [] : ['--journeys', journeys]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close');
  try {
    await until('the first report of the load generator', () => said.includes(' requests'), 60_000);
    await work();
  } finally {
    child.kill('SIGINT');
    await closed;
  }
  const text = await readFile(json, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ProgramFailedError(`the load generator said: ${said}`);
  const run = JSON.parse(text) as RunFile;
  return {
    requests: run.requests.count,
    failed: run.errors,
    orders: run.ordersPlaced,
    seconds: run.elapsedSeconds,
    p95Ms: run.requests.p95Ms,
    failures: run.routes
      .filter(({ outcome }) => outcome === 'error')
      .map(({ route, status, count, detail }) => `${count} × ${route}: ${status} ${detail}`.trim()),
  };
}

/** Of the file that `npm run load -- --json` writes. */
interface RunFile {
  readonly elapsedSeconds: number;
  readonly requests: { readonly count: number; readonly p95Ms: number };
  readonly errors: number;
  readonly ordersPlaced: number;
  readonly routes: readonly {
    readonly route: string;
    readonly status: string;
    readonly outcome: string;
    readonly count: number;
    readonly detail: string;
  }[];
}
