import type { Say } from '@sockshop/supervisor';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, collectorSources } from './paths.ts';
import { findProgram, run } from './program.ts';
import { ServerUnavailableError } from './server.ts';

const server = 'The OpenTelemetry Collector';
const ways =
  'Install Go 1.26 or newer, and let it fetch modules; or use the published `otelcol-contrib`.';
const SOURCES = ['main.go', 'go.mod', 'go.sum'];

/**
 * The path of a Collector with tail sampling, built from Go's modules on first use. It runs with
 * `--config FILE`. @throws ServerUnavailableError
 */
export async function buildCollector(say: Say): Promise<string> {
  const hash = createHash('sha256');
  for (const file of SOURCES) hash.update(await readFile(join(collectorSources, file)));
  const program = join(cacheDir, `collector-${hash.digest('hex').slice(0, 12)}`);
  const built = await access(program).then(
    () => true,
    () => false,
  );
  if (built) return program;

  const go = await findProgram(['go']);
  if (!go) throw new ServerUnavailableError(server, 'there is no `go` on the PATH', ways);
  say('building the OpenTelemetry Collector with Go; this is done once and takes 2 to 5 minutes');
  await mkdir(cacheDir, { recursive: true });
  const unfinished = `${program}.${process.pid}`; // another run may be building the same
  try {
    const small = ['-trimpath', '-ldflags=-s -w'];
    await run(go, ['build', ...small, '-o', unfinished, '.'], {
      cwd: collectorSources,
      env: { CGO_ENABLED: '0' }, // no C compiler needed
    });
    await rename(unfinished, program);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ServerUnavailableError(server, `building it failed (${why})`, ways, error);
  } finally {
    await rm(unfinished, { force: true });
  }
  return program;
}
