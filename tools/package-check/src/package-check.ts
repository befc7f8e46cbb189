import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyProject, install, packed } from './packed.ts';
import { MODES, traceOf, WAYS } from './programs.ts';

const SDK = '@opentelemetry/sdk-node@0.301.0';

/** Prints the trace of each version, way and mode. Returns the exit code. */
export async function packageCheck(versions: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'package-check-'));
  try {
    const { path } = await packed(folder);
    const project = join(folder, 'project');
    emptyProject(project);
    await install(project, [path, SDK]);
    const traces = new Set<string>();
    for (const version of versions) {
      const node = await nodeOf(folder, version);
      console.log(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
      for (const mode of MODES) {
        for (const way of WAYS) {
          const trace = await traceOf(project, node, way, mode);
          traces.add(trace);
          console.log(`${way}, ${mode === 'alone' ? 'alone' : 'in NodeSDK'}\n${indented(trace)}`);
        }
      }
    }
    return traces.size === 1 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The program of a version of Node, from its npm package. */
async function nodeOf(folder: string, version: string): Promise<string> {
  const place = join(folder, `node-${version}`);
  emptyProject(place);
  await install(place, [`node@${version}`]);
  return join(place, 'node_modules/node/bin/node');
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
