import type { Breaker, Variant } from '@sockshop/edge-router';
import type { Service } from '@sockshop/parts';
import { MeshError } from './mesh-error.ts';
import type { Build, Limits, Processes } from './processes.ts';
import type { InstanceFigures, MeshRouter } from './router.ts';
import { FIRST_VERSION, type Say, Version } from './version.ts';
import type { CanaryView, ServiceView } from './view.ts';

export interface ServiceMeshOptions {
  readonly service: Service;
  readonly processes: Processes;
  readonly router: MeshRouter;
  /** What happens, for the list of events. */
  readonly happened: (says: string) => void;
}

interface Running {
  readonly command: string;
  readonly since: string;
  readonly ending: AbortController;
  readonly ended: Promise<void>;
  says: string;
}

/** The versions of one service, and what the router does with its requests. */
export class ServiceMesh {
  readonly service: Service;
  canary: CanaryView | undefined;
  private readonly versions: Version[] = [];
  private shares: Readonly<Record<string, number>> = {};
  private variant: Variant | undefined;
  private limit: number | undefined;
  private breaker: Breaker | undefined;
  private running: Running | undefined;

  constructor(private readonly options: ServiceMeshOptions) {
    this.service = options.service;
  }

  get name(): string {
    return this.service.name;
  }

  /** The one that `rollback` keeps. */
  get stable(): Version {
    const [first] = this.versions;
    if (!first) throw new MeshError(409, `${this.name} has not started yet`);
    return first;
  }

  /** @throws MeshError before the first version has started. */
  requireStarted(): void {
    if (this.versions.length === 0) throw new MeshError(409, `${this.name} has not started yet`);
  }

  /** The newer of two. */
  get candidate(): Version | undefined {
    return this.versions[1];
  }

  /** The one with most of the requests. */
  get main(): Version {
    const { stable, candidate } = this;
    return candidate && this.shareOf(candidate) > this.shareOf(stable) ? candidate : stable;
  }

  shareOf({ name }: Version): number {
    return this.shares[name] ?? 0;
  }

  get hasVariant(): boolean {
    return this.variant !== undefined;
  }

  /** The first version, with the instances of the shop's start. */
  async begin(ports: readonly (number | undefined)[], say: Say): Promise<void> {
    const build = { set: {} };
    const version = this.newVersion(FIRST_VERSION, build, {});
    this.versions.push(version);
    this.shares = { [FIRST_VERSION]: 100 };
    await Promise.all(ports.map((port) => version.add(say, port)));
  }

  /**
   * One command at a time. What it says goes to the caller, to the list of events and to every page that is open. @throws MeshError 409
   * while another is at work
   */
  async alone<T>(
    command: string,
    work: (say: Say, ending: AbortSignal) => Promise<T>,
    say: Say,
  ): Promise<T> {
    if (this.running) {
      const { command: other, says } = this.running;
      throw new MeshError(
        409,
        `${this.name} is busy with ${other}${says && `: ${says}`}. Try again when it is done.`,
      );
    }
    const ended = Promise.withResolvers<undefined>();
    const ending = new AbortController();
    const since = new Date().toISOString();
    const running: Running = { command, since, says: '', ending, ended: ended.promise };
    this.running = running;
    const tell: Say = (line) => {
      running.says = line;
      this.options.happened(line);
      say(line);
    };
    try {
      return await work(tell, ending.signal);
    } catch (error) {
      this.options.happened(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.running = undefined;
      ended.resolve(undefined);
    }
  }

  /** What the command at work would say now, without an event for it. */
  progress(says: string): void {
    if (this.running) this.running.says = says;
  }

  /** Ends the command at work if it is this one, and waits until it has ended. Returns whether it was. */
  async interrupt(command: string): Promise<boolean> {
    if (this.running?.command !== command) return false;
    const { ending, ended } = this.running;
    ending.abort();
    await ended;
    return true;
  }

  /** @throws MeshError 404 */
  version(name: string): Version {
    const found = this.versions.find((version) => version.name === name);
    if (found) return found;
    const names = this.versions.map((version) => version.name).join(' and ');
    throw new MeshError(404, `${this.name} has no version ${name}; it has ${names}`);
  }

  /** One more, without requests. @throws MeshError 409 where the service has it, or two already */
  async addVersion(
    name: string,
    { build, instances }: { build: Build; instances: number },
    say: Say,
  ): Promise<Version> {
    this.requireNew(name);
    const version = this.newVersion(name, build, this.main.limits);
    this.versions.push(version);
    try {
      await version.grow(instances, say);
    } catch (error) {
      this.versions.splice(this.versions.indexOf(version), 1);
      throw error;
    }
    return version;
  }

  /** @throws MeshError 409 */
  requireNew(name: string): void {
    const names = this.versions.map((version) => version.name);
    if (names.includes(name)) throw new MeshError(409, `${this.name} has ${name} already`);
    if (names.length > 1)
      throw new MeshError(
        409,
        `${this.name} has ${names.join(' and ')} already: promote one of them or roll back first`,
      );
  }

  /** Percent of the candidate; the other one gets the rest. */
  async setShare(candidate: Version, share: number): Promise<void> {
    const other = this.versions.find((version) => version !== candidate);
    const shares = { [candidate.name]: share, ...(other && { [other.name]: 100 - share }) };
    await this.options.router.setShares(this.service.name, shares);
    this.shares = shares;
  }

  /** All requests go to the version, then the others end. */
  async only(version: Version, say: Say): Promise<void> {
    await this.setVariant(undefined);
    if (this.shareOf(version) !== 100) {
      await this.setShare(version, 100);
      say(`${version.name}: 100 % of the requests`);
    }
    for (const other of this.versions.filter((each) => each !== version)) {
      await other.shrink(other.size, say);
      this.versions.splice(this.versions.indexOf(other), 1);
      say(`${other.name} is removed`);
    }
    this.shares = { [version.name]: 100 };
  }

  async setVariant(variant: Variant | undefined): Promise<void> {
    if (variant === undefined && this.variant === undefined) return;
    await this.options.router.setVariant(this.service.name, variant);
    this.variant = variant;
  }

  async setLimit(perSecond: number | undefined): Promise<void> {
    await this.options.router.setLimit(this.service.name, perSecond);
    this.limit = perSecond;
  }

  async setBreaker(breaker: Breaker | undefined): Promise<void> {
    await this.options.router.setBreaker(this.service.name, breaker);
    this.breaker = breaker;
  }

  view(figures: ReadonlyMap<string, InstanceFigures>): ServiceView {
    const { variant, limit, breaker, canary } = this;
    return {
      name: this.name,
      versions: this.versions.map((version) =>
        version.view(worksOffQueue(this.service) ? undefined : this.shareOf(version), figures),
      ),
      ...(variant && { variant }),
      ...(limit !== undefined && { limit: { perSecond: limit } }),
      ...(breaker && { breaker }),
      ...(this.running && {
        running: {
          command: this.running.command,
          since: this.running.since,
          says: this.running.says,
        },
      }),
      ...(canary && { canary }),
    };
  }

  private newVersion(version: string, build: Build, limits: Limits): Version {
    const { service, processes, router } = this.options;
    return new Version({ service, version, build, limits, processes, router });
  }
}

/** Its instances share the messages; a router has no part in that. */
export function worksOffQueue({ name }: Service): boolean {
  return name === 'queue-master';
}
