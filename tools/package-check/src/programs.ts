import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const WAYS = ['import', 'require'] as const;
/** Alone, or with propagator, sampler and exporter in OpenTelemetry's NodeSDK. */
export const MODES = ['alone', 'sdk'] as const;

const PROGRAM = 'spans.mjs';
const run = promisify(execFile);

/** Runs the program in a project that has the package, and returns the trace that it prints. @throws Error if it fails */
export async function traceOf(
  project: string,
  node: string,
  way: (typeof WAYS)[number],
  mode: (typeof MODES)[number],
): Promise<string> {
  copyFileSync(join(import.meta.dirname, '../programs', PROGRAM), join(project, PROGRAM));
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await run(node, [PROGRAM, way, mode], { cwd: project, env });
  return stdout.trim();
}
