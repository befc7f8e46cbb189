import { type RunningServer, startPrometheus } from '@sockshop/servers';
import { makePrivateFolder, readState, type Say } from '@sockshop/supervisor';
import { readFileSync, renameSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { targetsOf } from './targets.ts';

/** The folder of Prometheus' configuration and rules. */
export const PROMETHEUS_FILES = join(import.meta.dirname, '../prometheus');

export interface BesideShop {
  /** The folder of the shop's state.json. */
  readonly shop: string;
  /** Where Prometheus keeps its data and its targets. */
  readonly dir: string;
  readonly port?: number;
  readonly say: Say;
}

/** Starts Prometheus and tells it, until it is stopped, which instances the shop has. */
export async function startBesideShop({
  shop,
  dir,
  port,
  say,
}: BesideShop): Promise<RunningServer> {
  makePrivateFolder(dir);
  // Prometheus looks for both beside its configuration.
  const configFile = linked(dir, 'prometheus.yml', join(PROMETHEUS_FILES, 'processes.yaml'));
  linked(dir, 'rules', join(PROMETHEUS_FILES, 'rules'));
  const follow = followTargets(shop, join(dir, 'targets.json'));
  try {
    const server = await startPrometheus({ dir, configFile, say, ...(port && { port }) });
    const stop = async (): Promise<void> => {
      follow.close();
      await server.stop();
    };
    return { ...server, stop };
  } catch (error) {
    follow.close();
    throw error;
  }
}

function linked(dir: string, name: string, to: string): string {
  const link = join(dir, name);
  rmSync(link, { force: true });
  symlinkSync(to, link);
  return link;
}

/** Writes the targets now and whenever the shop's state changes. */
function followTargets(shop: string, file: string): { close(): void } {
  let written = '';
  const write = (): void => {
    const state = readState(shop);
    const targets = JSON.stringify(state ? targetsOf(state) : [], undefined, 2);
    if (targets === written) return;
    writeFileSync(`${file}.new`, targets); // never half a file, whenever Prometheus reads it
    renameSync(`${file}.new`, file);
    written = readFileSync(file, 'utf8');
  };
  write();
  return watch(shop, write);
}
