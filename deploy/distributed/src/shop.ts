import { type Router, type RouterPorts, startRouter } from '@sockshop/edge-router';
import { type ControlServer, Mesh, serveControl, SOCKET_FILE } from '@sockshop/mesh';
import { callersFirst, SERVICES } from '@sockshop/parts';
import { givenZipkin, type RunningServer } from '@sockshop/servers';
import {
  claimFolder,
  endProcesses,
  freePort,
  type Part,
  removeState,
  requireFreePorts,
  requireUnclaimed,
  type Say,
  type State,
  type WantedPort,
  writeState,
} from '@sockshop/supervisor';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keepFolderPrivate } from './keep-folder-private.ts';
import type { StartOptions } from './options.ts';
import { ServiceProcesses } from './service-processes.ts';
import { startServers } from './start-servers.ts';
import { instancesFor, routerPortsFor, type ServerUrls, variables } from './services.ts';

/** The whole shop, each service and server in its own process. This process, the launcher, keeps them running. */
export class DistributedShop {
  private readonly stopping = new AbortController();
  private control: ControlServer | undefined;
  private processes: ServiceProcesses | undefined;

  private constructor(
    private readonly options: StartOptions,
    private ports: RouterPorts,
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
    const ports = await routerPortsFor(options);
    await requireFreePorts(wantedPorts(options, ports), 'npm run start:distributed --', dir);
    const state = claimFolder(dir, {
      way: 'distributed',
      url: `http://localhost:${ports.edge}`,
      logs: join(dir, 'logs'),
    });
    keepFolderPrivate(dir);
    return new DistributedShop(options, ports, state, say);
  }

  /** Resolves when every service is ready. @throws ServersMissingError, CommandError */
  async start(): Promise<void> {
    const { dir, zipkinPort } = this.options;
    const { haproxy, ...urls } = await startServers({
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
    // Not before the servers were started, which may take a minute: another process takes a free port any time.
    this.ports = { ...this.ports, statistics: await freePort(), mesh: await freePort() };
    const instances = await instancesFor(this.options);
    const mesh = this.meshOf(urls, await this.startRouter(haproxy));
    this.control = await serveControl(dir, mesh);
    try {
      await Promise.all(
        SERVICES.map((service) => {
          const own = instances.filter((each) => each.service === service);
          return mesh.begin(
            service,
            own.map(({ port }) => port),
            () => undefined,
          );
        }),
      );
    } catch (error) {
      if (this.isStopping()) return;
      throw error;
    }
    this.say(`services: ready in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }

  /** A method, as the signal may abort while something is awaited. */
  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Ends the services, then the servers, and keeps the data. It also works during the start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.control?.close();
    while ((await endProcesses(this.state.parts, callersFirst())) > 0); // a start in progress may have added some
    await this.processes?.forgetAll();
    removeState(this.options.dir);
  }

  private meshOf(urls: ServerUrls, router: Router): Mesh {
    const { dir, profile } = this.options;
    const keyFile = join(dir, 'distributed', 'session.key');
    const places = {
      logs: pathToFileURL(this.state.logs).href,
      meshControl: join(dir, SOCKET_FILE),
    };
    this.processes = new ServiceProcesses({
      dir,
      profile,
      logs: this.state.logs,
      say: this.say,
      released: this.stopping.signal,
      variables: (service, port) => variables({ service, port }, this.ports, urls, keyFile, places),
      note: (part) => {
        this.note(part);
      },
      forget: (name) => {
        this.forget(name);
      },
    });
    const statistics = `http://127.0.0.1:${this.ports.statistics}`;
    return new Mesh({ url: this.state.url, statistics, processes: this.processes, router });
  }

  private startRouter(program: string): Promise<Router> {
    const { ports } = this;
    const { edge, ...others } = ports;
    return startRouter({
      dir: join(this.options.dir, 'distributed', 'edge-router'),
      program,
      ports,
      log: join(this.state.logs, 'edge-router.log'),
      say: this.say,
      released: this.stopping.signal,
      noted: (process, restarts) => {
        const url = `http://127.0.0.1:${ports.statistics}`;
        this.note({
          name: 'edge-router',
          kind: 'server',
          process,
          port: edge,
          url,
          ports: others,
          metricsUrl: `${url}/metrics`,
          restarts,
        });
      },
    });
  }

  private noteServer(id: string, server: RunningServer, restarts: number): void {
    const { url, port, metricsUrl, pid, standIn = false } = server;
    const { process } = this.known(id) ?? {};
    const given = pid === undefined; // the state file must not contain its password
    const shown = given ? url.replace(/\/\/[^/]*@/, '//') : url;
    const ours = {
      ...(!given && { restarts }),
      ...(standIn && { standIn }),
      ...(metricsUrl !== undefined && { metricsUrl }),
    };
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

  private forget(name: string): void {
    const { parts } = this.state;
    const at = parts.findIndex((part) => part.name === name);
    if (at !== -1) parts.splice(at, 1);
    if (!this.stopping.signal.aborted) writeState(this.options.dir, this.state);
  }
}

/** Ports that a person chose; the others were free a moment ago. */
function wantedPorts(
  { port, zipkinPort }: StartOptions,
  { edge, doors }: RouterPorts,
): WantedPort[] {
  const front = port > 1 ? [{ port: port - 1, name: 'front-end' }] : [];
  const behind = Object.entries(doors).map(([name, door]) => ({ port: door, name }));
  const services = port === 0 ? [] : [{ port: edge, name: 'the shop' }, ...front, ...behind];
  const zipkin = zipkinPort === 0 || givenZipkin() !== undefined ? [] : [zipkinPort];
  return [
    ...services.map((each) => ({ port: each.port, use: each.name, option: '--port' })),
    ...zipkin.map((port) => ({ port, use: 'Zipkin', option: '--zipkin-port' })),
  ];
}
