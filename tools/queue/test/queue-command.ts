import { RunningProcess } from '@sockshop/testing';
import { rabbitmq } from '@sockshop/testing/real-servers';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../dist/main.js');

/** The command as npm's script runs it: its exit code and output. */
export async function command(
  args: string[],
  env: Record<string, string> = {},
): Promise<[number | null, string]> {
  const run = new RunningProcess([MAIN, ...args], { env: { RABBITMQ_URL: rabbitmq.url, ...env } });
  return [await run.ended, run.output];
}
