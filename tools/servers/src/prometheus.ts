import { freePort, launch, type Say } from '@sockshop/supervisor';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrInstall } from './apt.ts';
import type { RunningServer, StartOptions } from './server.ts';

const server = 'Prometheus';
const ways =
  'Install it (Debian and Ubuntu: the package `prometheus`; macOS: `brew install prometheus`).';
const packages = ['prometheus'];

/** Prometheus on loopback with this configuration. Nothing of it is kept but its data. @throws ServerUnavailableError */
export async function startPrometheus(
  options: StartOptions & { readonly configFile: string },
): Promise<RunningServer> {
  const { configFile, say = () => undefined, spawned } = options;
  const dir = resolve(options.dir);
  const program = await findOrInstall({ server, programs: ['prometheus'], packages, ways, say });
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  await mkdir(dir, { recursive: true });
  const { pid, ended, stop } = await launch({
    name: 'prometheus',
    command: program,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      '--storage.tsdb.retention.time=7d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ],
    dir,
    spawned,
    ready: async () => (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) })).ok,
  });
  return { name: server, url, port, metricsUrl: `${url}/metrics`, pid, ended, stop };
}

/** The path of promtool, which checks configurations and rules, and runs the tests of rules. @throws ServerUnavailableError */
export function findPromtool(say: Say): Promise<string> {
  return findOrInstall({ server, programs: ['promtool'], packages, ways, say });
}
