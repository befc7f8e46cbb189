import type { ServiceName } from '@sockshop/parts';
import {
  keepRunning,
  lastLines,
  type ProcessId,
  type Say,
  type Spawned,
  spawnLogged,
} from '@sockshop/supervisor';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_SOCKET, AdminSocket } from './admin-socket.ts';
import { configuration } from './configuration.ts';
import { backendLines, mapTexts } from './state-files.ts';
import { RouterError } from './router-error.ts';
import { initialState } from './router-state.ts';
import type { RouterPorts } from './router-ports.ts';
import { Router } from './router.ts';

const READY_WITHIN_MS = 15_000;
const CONFIGURATION = 'haproxy.cfg';
/** What the running HAProxy has reported of itself. */
const REPORT = 'haproxy.txt';

export interface RouterOptions {
  /** Of the configuration, its maps and the admin socket. */
  readonly dir: string;
  /** HAProxy's path. */
  readonly program: string;
  readonly ports: RouterPorts;
  /** The file of the access log. */
  readonly log: string;
  readonly say: Say;
  /** After that it is not started again. */
  readonly released: AbortSignal;
  /** Gets the process whenever there is another one, or none. */
  readonly noted?: (process: ProcessId | undefined, restarts: number) => void;
}

/** Starts HAProxy and keeps it running with what is set. Resolves when it answers. @throws RouterError */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const { dir, program, ports, log, say, released } = options;
  const services = initialState();
  let running: Spawned | undefined;
  const admin = new AdminSocket(join(dir, ADMIN_SOCKET), () => running?.process?.pid);
  const start = (restarts: number): Spawned => {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const [file, text] of mapTexts(services)) write(join(dir, file), text);
    write(join(dir, CONFIGURATION), textOf(ports, services));
    // What HAProxy reports of itself is no JSON, and so not for the access log; it would close both if it were set to be quiet.
    const script = 'exec "$0" -db -C "$1" -f "$2" 2>"$3"';
    const args = ['-c', script, program, dir, CONFIGURATION, join(dir, REPORT)];
    // HAProxy writes from the start of the file it is given, whatever is in it.
    if (existsSync(log)) renameSync(log, `${log}.1`);
    const spawned = spawnLogged({ command: '/bin/sh', args, log });
    running = spawned;
    options.noted?.(spawned.process, restarts);
    void spawned.ended.then(() => {
      options.noted?.(undefined, restarts);
    });
    return spawned;
  };
  const first = start(0);
  await ready(first, admin, () => lastLines(readFileSync(join(dir, REPORT), 'utf8')));
  void keepRunning(first, {
    name: 'edge-router',
    again: async (restarts) => {
      const again = start(restarts);
      await ready(again, admin, () => lastLines(readFileSync(join(dir, REPORT), 'utf8')));
      return again;
    },
    say,
    released,
  });
  return new Router(services, admin, ports);
}

function textOf(ports: RouterPorts, services: ReturnType<typeof initialState>): string {
  const at = (port: number) => `127.0.0.1:${port}`;
  const doors = Object.entries(ports.doors).map(([name, port]) => [name, at(port)]);
  return configuration({
    edge: at(ports.edge),
    statistics: at(ports.statistics),
    mesh: at(ports.mesh),
    doors: Object.fromEntries(doors) as Partial<Record<ServiceName, string>>,
    trusted: ['127.0.0.0/8'], // a proxy of one's own, such as one that ends TLS
    global: [`stats socket unix@${ADMIN_SOCKET} mode 600 level admin`],
    instances: (service, slot) => backendLines(services.get(service), slot),
  });
}

function write(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

async function ready({ ended }: Spawned, admin: AdminSocket, why: () => string): Promise<void> {
  let end: string | undefined;
  void ended.then((how) => (end = how));
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answers = await admin.ask('show info').then(
      (answer) => answer.includes('Uptime_sec'),
      () => false,
    );
    if (answers && end === undefined) return;
    if (end !== undefined) throw new RouterError(`HAProxy ${end}: ${why()}`);
    if (Date.now() > deadline) throw new RouterError('HAProxy does not answer.');
    await sleep(20);
  }
}
