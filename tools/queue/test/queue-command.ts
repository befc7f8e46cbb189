import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const rabbitUrl = process.env['TEST_RABBITMQ_URL'] ?? '';
const MAIN = join(import.meta.dirname, '../dist/main.js');

/** The command as npm's script runs it: its exit code and all it said. */
export async function command(
  args: string[],
  env: Record<string, string> = {},
): Promise<[number, string]> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', RABBITMQ_URL: rabbitUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number]; // of 'close'
  return [code, output];
}
