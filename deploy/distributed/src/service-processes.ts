import { CommandError } from '@sockshop/cli';
import type { Build, InstanceSpec, Limits, Processes, RunningInstance } from '@sockshop/mesh';
import type { Service } from '@sockshop/parts';
import {
  endProcess,
  freePort,
  keepRunning,
  lastLines,
  type Part,
  type ProcessId,
  type Profile,
  runs,
  type Say,
  serviceFlags,
  type Spawned,
  spawnLogged,
} from '@sockshop/supervisor';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerCommand, removeContainers, requireImage } from './containers.ts';
import { isReady } from './is-ready.ts';
import { ROOT } from './options.ts';
import { groupOf, limitNode, ProcessLimits, processorsProblem } from './process-limits.ts';

/** An instance that is not ready by then never will be. */
const READY_WITHIN_MS = 120_000;
/** One that ends so often before it is ready does not start. */
const ENDS_AT_START = 3;
/** A service drains its requests for 3 s and gives up after 5 s by itself. */
const GRACE_MS = 8000;

/** Off: Node keeps the compile cache it has read in memory, 5 MiB a service, to save 0.1 s at the start. */
const NO_COMPILE_CACHE = { NODE_DISABLE_COMPILE_CACHE: '1' };

const RESOURCE = 'OTEL_RESOURCE_ATTRIBUTES';

export interface ServiceProcessesOptions {
  /** Of the shop: it names its processes' groups of limits. */
  readonly dir: string;
  readonly logs: string;
  readonly profile: Profile;
  readonly say: Say;
  /** Until it aborts, a process that ends is started again. */
  readonly released: AbortSignal;
  /** The variables of a service. */
  readonly variables: (service: Service, port: number) => Record<string, string>;
  /** Keeps the part for `stop`, `status` and the launcher after a killed one. */
  readonly note: (part: Part) => void;
  readonly forget: (name: string) => void;
}

/** Starts the processes of services, and keeps them running. */
export class ServiceProcesses implements Processes {
  private readonly limits: ProcessLimits;
  private readonly containers = new Set<string>();

  constructor(private readonly options: ServiceProcessesOptions) {
    this.limits = new ProcessLimits(options.dir);
  }

  /** Once the processes of all instances have ended. */
  async forgetAll(): Promise<void> {
    this.limits.forget();
    await removeContainers([...this.containers]); // of a client that was killed
  }

  limitsProblem(limits: Limits, { image }: Build): string | undefined {
    const problem = processorsProblem(limits);
    return problem ?? (image === undefined ? this.limits.problem(limits) : undefined);
  }

  async requireProgram(service: Service, build: Build): Promise<void> {
    if (build.image === undefined) programOf(service, build);
    else await requireImage(build.image);
  }

  async start(spec: InstanceSpec): Promise<RunningInstance> {
    const port = spec.port ?? (await freePort());
    if (spec.build.image !== undefined) {
      const container = containerName(this.options.dir, spec);
      await removeContainers([container]); // of a launcher that was killed
      this.containers.add(container);
    }
    return new ServiceProcess({ ...spec, port }, this.options, this.limits);
  }
}

class ServiceProcess implements RunningInstance {
  readonly port: number;
  restarts = 0;
  private process: ProcessId | undefined;
  private running: Spawned;
  /** How it ended, each time. */
  private readonly ends: string[] = [];
  private readonly releasing = new AbortController();

  constructor(
    private readonly spec: InstanceSpec & { readonly port: number },
    private readonly options: ServiceProcessesOptions,
    private readonly limits: ProcessLimits,
  ) {
    this.port = spec.port;
    this.running = this.spawn();
    void keepRunning(this.running, {
      name: spec.name,
      again: async (restarts) => {
        this.restarts = restarts;
        await this.removeContainer();
        this.running = this.spawn();
        return this.running;
      },
      say: options.say,
      released: AbortSignal.any([options.released, this.releasing.signal]),
    });
  }

  get pid(): number | undefined {
    return runs(this.process) ? this.process.pid : undefined;
  }

  async ready(): Promise<void> {
    const { name } = this.spec;
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isReady(this.part()))) {
      if (this.options.released.aborted) throw new CommandError('The shop is stopping.');
      const late = Date.now() > deadline;
      if (!late && this.ends.length < ENDS_AT_START) {
        await sleep(50);
        continue;
      }
      const how = late
        ? `is not ready after ${READY_WITHIN_MS / 1000} s`
        : `${this.ends.at(-1) ?? ''}, ${ENDS_AT_START} times`;
      throw new CommandError(`${name} ${how}; its log ${this.log} ends with: ${this.lastWords()}`);
    }
  }

  async stop(): Promise<void> {
    this.releasing.abort();
    await endProcess(this.process, GRACE_MS);
    await this.running.ended;
    await this.removeContainer();
    this.limits.forget(this.spec.name);
    this.options.forget(this.spec.name);
  }

  private spawn(): Spawned {
    const { name, build, limits } = this.spec;
    const spawned = spawnLogged({ ...this.command(), log: this.log });
    this.process = spawned.process;
    if (spawned.process && build.image === undefined)
      this.limits.apply(name, spawned.process.pid, limits);
    this.options.note(this.part());
    void spawned.ended.then((how) => {
      this.ends.push(how);
      this.process = undefined;
      if (!this.releasing.signal.aborted) this.options.note(this.part());
    });
    return spawned;
  }

  private command(): Pick<Parameters<typeof spawnLogged>[0], 'command' | 'args' | 'env'> {
    const { name, service, version, build, limits, port } = this.spec;
    const { dir, profile, variables } = this.options;
    const env = {
      ...variables(service, port),
      ...build.set,
      [RESOURCE]: resourceOf(build.set[RESOURCE], version, name),
    };
    const { image } = build;
    if (image !== undefined)
      return containerCommand({ name: containerName(dir, this.spec), image, limits, env, dir });
    return {
      command: process.execPath,
      args: [...limitNode(serviceFlags(profile), limits), programOf(service, build)],
      env: { ...NO_COMPILE_CACHE, ...env },
    };
  }

  /** The client that ran it may have been killed. */
  private async removeContainer(): Promise<void> {
    if (this.spec.build.image !== undefined)
      await removeContainers([containerName(this.options.dir, this.spec)]);
  }

  private get log(): string {
    return join(this.options.logs, `${this.spec.name}.log`);
  }

  private part(): Part {
    const { name, service, version, port } = this.spec;
    return {
      name,
      kind: 'service',
      service: service.name,
      version,
      process: this.process,
      port,
      url: `http://127.0.0.1:${port}`,
      restarts: this.restarts,
    };
  }

  private lastWords(): string {
    try {
      return lastLines(readFileSync(this.log, 'utf8')) || 'nothing';
    } catch {
      return 'nothing'; // it cannot be read
    }
  }
}

function containerName(dir: string, { name }: Pick<InstanceSpec, 'name'>): string {
  return `${groupOf(dir)}-${name}`;
}

/** Both spellings: a workspace's folder of the service, and a built folder alone. */
function programOf(service: Service, { dir }: Build): string {
  if (dir === undefined) return join(ROOT, 'services', service.name, 'dist', 'main.js');
  const places = ['dist/main.js', 'main.js'].map((name) => join(dir, name));
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new CommandError(
      `${dir} has no program of ${service.name}: neither dist/main.js nor main.js`,
    );
  return found;
}

/** What spans say of the instance, beside what a person gave for every service. */
function resourceOf(given: string | undefined, version: string, name: string): string {
  const others = given ?? process.env[RESOURCE] ?? 'deployment.environment.name=distributed';
  const own = `service.version=${version},service.instance.id=${name}`;
  return others === '' ? own : `${others},${own}`;
}
