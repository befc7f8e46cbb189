import { CommandError } from '@sockshop/cli';
import { callersFirst } from '@sockshop/parts';
import { givenZipkin, type RunningServer } from '@sockshop/servers';
import {
  claimFolder,
  endProcesses,
  keepRunning,
  type Part,
  type ProcessId,
  removeState,
  requireFreePorts,
  requireUnclaimed,
  serviceFlags,
  type Say,
  type State,
  type Spawned,
  spawnLogged,
  type WantedPort,
  writeState,
} from '@sockshop/supervisor';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepFolderPrivate } from './keep-folder-private.ts';
import { ROOT, type StartOptions } from './options.ts';
import { startServers } from './start-servers.ts';
import { type Instance, instancesFor, type ServerUrls, variables } from './services.ts';

/** From the last server's start. A shop that is not ready by then never will be. */
const READY_WITHIN_MS = 120_000;

/** Off: Node keeps the compile cache it has read in memory, 5 MiB a service, to save 0.1 s at the start. */
const NO_COMPILE_CACHE = { NODE_DISABLE_COMPILE_CACHE: '1' };

/** Of each service, where this process has no value of its own. */
const RESOURCE = 'OTEL_RESOURCE_ATTRIBUTES';
const DEFAULTS = {
  [RESOURCE]: process.env[RESOURCE] ?? 'deployment.environment.name=distributed',
};

/** The shop cannot start or stop. The message says why and what to do. */
export class ShopStartError extends CommandError {
  override readonly name = 'ShopStartError';
}

/** The whole shop, each service and server in its own process. This process, the launcher, keeps them running. */
export class DistributedShop {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly options: StartOptions,
    private readonly instances: readonly Instance[],
    readonly state: State,
    private readonly say: Say,
  ) {}

  /**
   * Claims the folder, after ending what a killed launcher left running. Before that nothing is written.
   * @throws FolderInUseError, PortInUseError
   */
  static async prepare(options: StartOptions, say: Say): Promise<DistributedShop> {
    const { dir } = options;
    await requireUnclaimed(dir, 'distributed', callersFirst(), say);
    const instances = await instancesFor(options);
    await requireFreePorts(wantedPorts(options, instances), 'npm run start:distributed --', dir);
    const state = claimFolder(dir, {
      way: 'distributed',
      url: `http://localhost:${instances[0]?.port ?? ''}`,
      logs: join(dir, 'logs'),
    });
    keepFolderPrivate(dir);
    return new DistributedShop(options, instances, state, say);
  }

  /** Resolves when every service is ready. @throws ServersMissingError, ShopStartError */
  async start(): Promise<void> {
    const { dir, zipkinPort } = this.options;
    const urls = await startServers({
      dir: join(dir, 'distributed'),
      zipkinPort,
      say: this.say,
      spawned: (name, process) => {
        const kind = name === 'epmd' ? 'helper' : 'server';
        this.note({ ...this.known(name), name, kind, process });
      },
      ready: (id, server, restarts) => {
        this.noteServer(id, server, restarts);
      },
      released: this.stopping.signal,
    });
    if (this.stopping.signal.aborted) return;
    const startedAt = Date.now();
    for (const instance of this.instances) this.startService(instance, urls);
    await this.ready();
    this.say(`services: ready in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }

  /** Ends the services, then the servers, and keeps the data. It also works during the start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    while ((await endProcesses(this.state.parts, callersFirst())) > 0); // a start in progress may have added some
    removeState(this.options.dir);
  }

  private startService(instance: Instance, urls: ServerUrls): void {
    const { name, service, port } = instance;
    const { dir } = this.options;
    const keyFile = join(dir, 'distributed', 'session.key');
    const env = {
      ...DEFAULTS,
      ...variables(instance, this.instances, urls, keyFile, { logs: this.state.logs }),
    };
    const flags = serviceFlags(this.options.profile);
    const start = (restarts: number): Spawned => {
      const note = (process: ProcessId | undefined): void => {
        this.note({
          name,
          kind: 'service',
          process,
          port,
          url: `http://127.0.0.1:${port}`,
          restarts,
        });
      };
      const spawned = spawnLogged({
        command: process.execPath,
        args: [...flags, join(ROOT, 'services', service.name, 'dist', 'main.js')],
        env: { ...NO_COMPILE_CACHE, ...env },
        log: join(this.state.logs, `${name}.log`),
      });
      note(spawned.process);
      void spawned.ended.then(() => {
        note(undefined);
      });
      return spawned;
    };
    void keepRunning(start(0), {
      name,
      again: (restarts) => Promise.resolve(start(restarts)),
      say: this.say,
      released: this.stopping.signal,
    });
  }

  private noteServer(id: string, server: RunningServer, restarts: number): void {
    const { url, port, pid, standIn = false } = server;
    const { process } = this.known(id) ?? {};
    const given = pid === undefined; // the state file must not contain its password
    const shown = given ? url.replace(/\/\/[^/]*@/, '//') : url;
    const ours = { ...(!given && { restarts }), ...(standIn && { standIn }) };
    this.note({ name: id, kind: 'server', process, port, url: shown, ...ours });
  }

  private known(name: string): Part | undefined {
    return this.state.parts.find((part) => part.name === name);
  }

  /** Keeps the order in which the parts were first noted. */
  private note(part: Part): void {
    const { parts } = this.state;
    const at = parts.findIndex(({ name }) => name === part.name);
    parts[at === -1 ? parts.length : at] = part;
    if (!this.stopping.signal.aborted) writeState(this.options.dir, this.state);
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    let missing = this.state.parts.filter(({ kind }) => kind === 'service');
    while (missing.length > 0 && !this.stopping.signal.aborted) {
      if (Date.now() > deadline) {
        const names = missing.map(({ name }) => name).join(', ');
        const within = `${READY_WITHIN_MS / 1000} s`;
        throw new ShopStartError(`Not ready within ${within}: ${names}. See ${this.state.logs}`);
      }
      await sleep(50);
      const are = await Promise.all(missing.map(isReady));
      missing = missing.filter((_part, index) => !are[index]);
    }
  }
}

/** Ports that a person chose; the others were free a moment ago. */
function wantedPorts(
  { port, zipkinPort }: StartOptions,
  instances: readonly Instance[],
): WantedPort[] {
  const services = port === 0 ? [] : instances;
  const zipkin = zipkinPort === 0 || givenZipkin() !== undefined ? [] : [zipkinPort];
  return [
    ...services.map((each) => ({ port: each.port, use: each.name, option: '--port' })),
    ...zipkin.map((port) => ({ port, use: 'Zipkin', option: '--zipkin-port' })),
  ];
}

/** Whether the service reports that it is ready. */
export async function isReady({ url }: Part): Promise<boolean> {
  if (url === undefined) return false;
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
