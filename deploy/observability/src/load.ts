import { CommandError } from '@sockshop/cli';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { launchOf } from '../../../deploy/commands.mjs';

export interface LoadOptions {
  readonly url: string;
  readonly shoppers: number;
  readonly seconds: number;
  /** Where the load test writes what it counted. */
  readonly file: string;
}

/** What the load test counted. */
export interface Counted {
  readonly seconds: number;
  readonly requests: number;
  /** Answers with 4xx and 5xx, wanted or not. */
  readonly refused: number;
  readonly orders: number;
}

/** The load test as a process of its own. */
export async function runLoad({ url, shoppers, seconds, file }: LoadOptions): Promise<Counted> {
  const options = { url, shoppers, duration: `${seconds}s`, json: file, seed: 1 };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { program, parameters, env } = launchOf('load', words);
  const load: ChildProcess = spawn(program, parameters, {
    env: { ...env, OTEL_SDK_DISABLED: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(load, 'exit')) as [number | null];
  if (code !== 0) throw new CommandError(`The load test ended with code ${code ?? 'none'}.`);
  const run = JSON.parse(await readFile(file, 'utf8')) as Run; // as `npm run load` documents it
  const refused = run.routes.filter(({ status }) => /^[45]\d\d/.test(status));
  return {
    seconds: run.elapsedSeconds,
    requests: run.requests.count,
    refused: refused.reduce((sum, { count }) => sum + count, 0),
    orders: run.ordersPlaced,
  };
}

interface Run {
  readonly elapsedSeconds: number;
  readonly requests: { readonly count: number };
  readonly routes: readonly { readonly status: string; readonly count: number }[];
  readonly ordersPlaced: number;
}
