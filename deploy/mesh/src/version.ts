import type { Service } from '@sockshop/parts';
import type { Build, InstanceSpec, Limits, Processes, RunningInstance } from './processes.ts';
import type { InstanceFigures, MeshRouter } from './router.ts';
import type { Figures, InstanceView, VersionView } from './view.ts';

/** Tells the person who gave a command what happened. */
export type Say = (line: string) => void;

interface Instance {
  readonly name: string;
  readonly limits: Limits;
  state: 'starting' | 'ready' | 'draining';
  running: RunningInstance | undefined;
}

export interface VersionOptions {
  readonly service: Service;
  readonly version: string;
  readonly build: Build;
  readonly limits: Limits;
  readonly processes: Processes;
  readonly router: MeshRouter;
}

/** One version of a service with its instances. */
export class Version {
  readonly name: string;
  readonly build: Build;
  /** Of instances to come. */
  limits: Limits;
  private readonly instances: Instance[] = [];

  constructor(private readonly options: VersionOptions) {
    this.name = options.version;
    this.build = options.build;
    this.limits = options.limits;
  }

  get size(): number {
    return this.instances.length;
  }

  /** Of each instance that can be asked. */
  get ports(): { name: string; port: number }[] {
    return this.instances.flatMap(({ name, running }) =>
      running === undefined ? [] : [{ name, port: running.port }],
    );
  }

  /** Starts an instance; resolves when it gets its share of the requests. Where that fails, nothing of it is left. */
  async add(say: Say, port?: number): Promise<void> {
    const { service, processes, router, version, build } = this.options;
    const name = this.freeName();
    const { limits } = this;
    const instance: Instance = { name, limits, state: 'starting', running: undefined };
    this.instances.push(instance);
    try {
      const spec: InstanceSpec = { service, version, name, build, limits, port };
      instance.running = await processes.start(spec);
      await instance.running.ready();
      const { port: at } = instance.running;
      await router.addInstance(service.name, { version, name, host: '127.0.0.1', port: at });
      instance.state = 'ready';
      say(`${name} is ready`);
    } catch (error) {
      await router.removeInstance(service.name, name).catch(() => undefined); // it may not have come so far
      await instance.running?.stop();
      this.instances.splice(this.instances.indexOf(instance), 1);
      throw error;
    }
  }

  /** All that are added, or none. */
  async grow(by: number, say: Say): Promise<void> {
    const before = new Set(this.instances.map(({ name }) => name));
    const added = await Promise.allSettled(Array.from({ length: by }, () => this.add(say)));
    const failed = added.find((result) => result.status === 'rejected');
    if (!failed) return;
    for (const { name } of this.instances.filter((each) => !before.has(each.name)))
      await this.remove(name, say);
    throw failed.reason;
  }

  /** The newest first. */
  async shrink(by: number, say: Say): Promise<void> {
    for (const { name } of this.instances.slice(-by).reverse()) await this.remove(name, say);
  }

  /** Each instance makes place for one with the limits of now. */
  async replaceAll(say: Say): Promise<void> {
    for (const { name } of [...this.instances]) {
      await this.add(say);
      await this.remove(name, say);
    }
  }

  async removeOldest(say: Say): Promise<void> {
    const [oldest] = this.instances;
    if (oldest) await this.remove(oldest.name, say);
  }

  view(share: number | undefined, figures: ReadonlyMap<string, InstanceFigures>): VersionView {
    const { build } = this;
    const names = Object.keys(build.set);
    return {
      version: this.name,
      ...(share !== undefined && { share }),
      from: build.image ?? build.dir ?? 'this build',
      ...(names.length > 0 && { set: names }),
      instances: this.instances.map((each) => instanceView(each, figures.get(each.name))),
      figures: sumOf(this.figuresIn(figures)),
    };
  }

  /** Of all its instances together. */
  totals(figures: ReadonlyMap<string, InstanceFigures>): Figures {
    return sumOf(this.figuresIn(figures)) ?? { requests: 0, errors: 0, meanMs: 0 };
  }

  private figuresIn(figures: ReadonlyMap<string, InstanceFigures>): InstanceFigures[] {
    return this.instances.flatMap(({ name }) => figures.get(name) ?? []);
  }

  /** No request fails: it gets no new one, finishes what it has, and ends. */
  private async remove(name: string, say: Say): Promise<void> {
    const { service, router } = this.options;
    const instance = this.instances.find((each) => each.name === name);
    if (!instance) return;
    instance.state = 'draining';
    await router.drainInstance(service.name, name);
    await instance.running?.stop();
    await router.removeInstance(service.name, name);
    this.instances.splice(this.instances.indexOf(instance), 1);
    say(`${name} is drained and has ended`);
  }

  /** `orders`, `orders-2` …, and `orders-v2-1` … of the others: the first version is the one a start begins with. */
  private freeName(): string {
    const { service, version } = this.options;
    const first = version === FIRST_VERSION;
    for (let nth = 1; ; nth++) {
      const one = first ? service.name : `${service.name}-${version}-1`;
      const name = nth === 1 ? one : `${service.name}${first ? '' : `-${version}`}-${nth}`;
      if (!this.instances.some((each) => each.name === name)) return name;
    }
  }
}

/** Of every service when the shop starts. */
export const FIRST_VERSION = 'v1';

function instanceView(
  { name, limits, state, running }: Instance,
  figures: InstanceFigures | undefined,
): InstanceView {
  const { requests, errors, meanMs, up } = figures ?? {};
  const without = state === 'ready' && running?.pid === undefined ? 'restarting' : state;
  const seen = without === 'ready' && up === false ? 'ejected' : without;
  return {
    name,
    state: seen,
    pid: running?.pid,
    port: running?.port ?? 0,
    restarts: running?.restarts ?? 0,
    ...limits,
    ...(requests !== undefined && {
      figures: { requests, errors: errors ?? 0, meanMs: meanMs ?? 0 },
    }),
  };
}

/** Their mean is weighted by requests. */
function sumOf(all: readonly Figures[]): Figures | undefined {
  if (all.length === 0) return undefined;
  const requests = all.reduce((sum, each) => sum + each.requests, 0);
  const errors = all.reduce((sum, each) => sum + each.errors, 0);
  const ms = all.reduce((sum, each) => sum + each.requests * each.meanMs, 0);
  return { requests, errors, meanMs: requests === 0 ? 0 : Math.round(ms / requests) };
}
