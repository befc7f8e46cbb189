import { aligned, run } from '@sockshop/cli';
import { portOf, SERVICES } from '@sockshop/parts';
import {
  claimFolder,
  keepPrivate,
  portInUse,
  removeState,
  requireFreePorts,
  requireUnclaimed,
  type State,
  type WantedPort,
  writeState,
} from '@sockshop/supervisor';
import { join } from 'node:path';
import {
  databaseProblem,
  keepFolderPrivate,
  LOG_FILE,
  requireUsable,
  requireOwnFolder,
  resetFolder,
} from './data-folder.ts';
import { type EmbeddedOptions, START } from './options.ts';
import type { Shop } from './shop.ts';

/** Ctrl-C stops everything within this time, even if something hangs. */
const SHUTDOWN_MS = 4500;

/** Runs the shop that `start` returns until Ctrl-C. Nothing is written or deleted before its folder and its ports are known to be free. */
export async function runShop(start: (options: EmbeddedOptions) => Promise<Shop>): Promise<void> {
  START.action(async (options) => {
    const { data, reset = false } = options;
    keepPrivate();
    await requireUnclaimed(data, 'embedded', [], console.log);
    if (reset) requireOwnFolder(data);
    await requireFreePorts(wantedPorts(options), START.name(), data);
    const state = claim(options);
    if (reset) resetFolder(data);
    keepFolderPrivate(data);
    requireUsable(data);
    const shop = await start(options).catch((error: unknown) => {
      throw explained(error, options);
    });
    noteParts(data, state, shop);
    untilStopped(shop);
  });
  await run(START);
  if (process.exitCode) process.exit();
}

/** Until this process ends, by any way but a kill. */
function claim({ data, port }: EmbeddedOptions): State {
  const url = port === 0 ? '' : `http://localhost:${port}`;
  const state = claimFolder(data, { way: 'embedded', url, logs: join(data, LOG_FILE) });
  process.on('exit', () => {
    removeState(data);
  });
  return state;
}

/** For `npm run status`. */
function noteParts(data: string, state: State, { url, parts }: Shop): void {
  state.url = url;
  for (const { name, kind, url: its } of parts)
    state.parts.push({ name, kind, url: its, port: Number(new URL(its).port) });
  writeState(data, state);
}

function wantedPorts({ port, tracePort, host }: EmbeddedOptions): WantedPort[] {
  const services = SERVICES.map((service) => ({
    port: portOf(service, port),
    use: service.name,
    option: '--port',
    ...(service.name === 'front-end' && { host }),
  }));
  return [...services, { port: tracePort, use: 'the trace store', option: '--trace-port', host }];
}

function untilStopped(shop: Shop): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return; // npm and the terminal both pass on a Ctrl-C
    stopping = true;
    console.log('\nStopping …');
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    void shop.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(table(shop));
  console.log(`Log: ${shop.logFile}`);
  if (shop.observatoryUrl) console.log(`Observatory: ${shop.observatoryUrl}`);
  console.log(`Started in ${(performance.now() / 1000).toFixed(1)} s`);
  console.log(`Sock Shop is ready: ${shop.url}`);
}

/** A port may have been taken since it was found free, and a database damaged deeper than its beginning. */
function explained(error: unknown, options: EmbeddedOptions): unknown {
  const { data } = options;
  if (!(error instanceof Error && 'port' in error))
    return databaseProblem(error, `A database in ${data}`, data) ?? error;
  const taken = wantedPorts(options).find(({ port }) => port === error.port);
  return taken ? portInUse(taken, START.name(), data, error) : error;
}

function table({ parts }: Shop): string {
  const rows = parts.map(({ name, url, keeps }) => [name, url, keeps]);
  return aligned([['part', 'address', 'keeps'], ...rows], 3);
}
