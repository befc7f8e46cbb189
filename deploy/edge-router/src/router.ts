import type { ServiceName } from '@sockshop/parts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminSocket } from './admin-socket.ts';
import { backendOf, CHECK, MAPS } from './configuration.ts';
import { busy, figuresOf, type ServiceFigures, statRows } from './figures.ts';
import { RouterError } from './router-error.ts';
import {
  type Breaker,
  type Instance,
  requireName,
  type ServiceState,
  type Variant,
} from './router-state.ts';
import { serverLine } from './state-files.ts';
import type { RouterPorts } from './router-ports.ts';

/**
 * A server added at run time keeps no connection unless this says so, as those of the configuration do: each request would open a new one. An
 * unused one is closed soon, since HAProxy does not forget a server that has any.
 */
const KEPT = 'pool-max-conn -1 pool-purge-delay 1s';
/** Milliseconds between two looks at an instance that is being drained. */
const LOOK_MS = 25;
/** After that it counts as drained, even if a client still reads: an instance must be able to leave. */
const DRAIN_MS = 60_000;

/** HAProxy at work. Every change is made while it runs: nothing is loaded again, and no request is lost. */
export class Router {
  constructor(
    private readonly services: ReadonlyMap<ServiceName, ServiceState>,
    private readonly admin: AdminSocket,
    readonly ports: RouterPorts,
  ) {}

  /** The value of `MESH_URL` for services. */
  get meshUrl(): string {
    return `http://127.0.0.1:${this.ports.mesh}`;
  }

  /** What is set for a service. */
  state(service: ServiceName): ServiceState {
    const state = this.services.get(service);
    if (!state) throw new RouterError(`There is no service ${service}.`);
    return state;
  }

  /** Gives a ready instance its requests. The first version of a service has all of them, a further one none until its share is set. */
  async addInstance(service: ServiceName, instance: Instance): Promise<void> {
    const state = this.state(service);
    const { name } = instance;
    requireName('instance', name);
    if (state.has(name)) throw new RouterError(`${service} has an instance ${name} already.`);
    const version = state.ensure(instance.version);
    const backend = backendOf(service, version.slot);
    version.instances.set(name, instance);
    try {
      await this.admin.tell(
        `add server ${backend}/${serverLine(instance)} ${CHECK} ${KEPT}`,
        `add server ${backend}.all/${serverLine(instance)} ${KEPT}`,
        `enable health ${backend}/${name}`,
        `enable server ${backend}.all/${name}`,
        `enable server ${backend}/${name}`,
        this.sharesCommand(state),
      );
    } catch (error) {
      version.instances.delete(name);
      state.prune();
      throw error;
    }
  }

  /** Sends the instance no new request; resolves when it has none left, after a minute at the latest. */
  async drainInstance(service: ServiceName, name: string): Promise<void> {
    const { version } = this.state(service).instance(name);
    const backend = backendOf(service, version.slot);
    version.draining.add(name);
    await this.admin.tell(
      `set server ${backend}/${name} state drain`,
      `set server ${backend}.all/${name} state drain`,
    );
    const deadline = Date.now() + DRAIN_MS;
    while (Date.now() < deadline) {
      const rows = statRows(await this.admin.askPatiently('show stat -1 4 -1'));
      if (busy(rows, backend, name) === 0) return;
      await sleep(LOOK_MS);
    }
  }

  /** Drains the instance and forgets it. A version without instances and share is gone with its last one. */
  async removeInstance(service: ServiceName, name: string): Promise<void> {
    const state = this.state(service);
    const { version } = state.instance(name);
    await this.drainInstance(service, name);
    const backend = backendOf(service, version.slot);
    for (const server of [`${backend}/${name}`, `${backend}.all/${name}`]) {
      await this.admin.tell(`set server ${server} state maint`);
      await this.deleted(server);
    }
    version.instances.delete(name);
    version.draining.delete(name);
    state.prune();
  }

  /** Percents of versions, together 100. A request meets either the old shares or the new ones. */
  async setShares(service: ServiceName, shares: Readonly<Record<string, number>>): Promise<void> {
    const state = this.state(service);
    state.setShares(shares);
    await this.admin.tell(this.sharesCommand(state));
  }

  /** Requests with the cookie or the header go to the version, whatever the shares. Undefined ends that. */
  async setVariant(service: ServiceName, variant: Variant | undefined): Promise<void> {
    const state = this.state(service);
    const before = state.variantRule();
    const earlier = state.variant;
    state.variant = variant;
    let rule: ReturnType<ServiceState['variantRule']>;
    try {
      rule = state.variantRule();
    } catch (error) {
      state.variant = earlier;
      throw error;
    }
    const removed = before
      ? [`del map ${MAPS.variants} ${service}`, `del map ${MAPS.variantRules} ${before.pattern}`]
      : [];
    const added = rule
      ? [
          `add map ${MAPS.variantRules} ${rule.pattern} ${rule.slot}`,
          `add map ${MAPS.variants} ${service} 1`,
        ]
      : [];
    await this.admin.tell(...removed, ...added);
  }

  /** So many requests a second of one client at most; the others get 429. Undefined: any number. */
  async setLimit(service: ServiceName, perSecond: number | undefined): Promise<void> {
    const state = this.state(service);
    if (perSecond !== undefined && !(Number.isInteger(perSecond) && perSecond > 0))
      throw new RouterError('A limit is a whole number of requests a second, 1 or more.');
    state.limit = perSecond;
    await this.admin.tell(`set map ${MAPS.limits} ${service} ${perSecond ?? 0}`);
  }

  /** When calls of the service are refused at once, with 503. Undefined: never. */
  async setBreaker(service: ServiceName, breaker: Breaker | undefined): Promise<void> {
    const state = this.state(service);
    for (const value of Object.values(breaker ?? {}) as readonly unknown[])
      if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 0))
        throw new RouterError('The numbers of a circuit breaker are whole numbers.');
    const before = state.breakerValue();
    state.breaker = breaker;
    const after = state.breakerValue();
    await this.admin.tell(
      ...(before === undefined ? [] : [`del map ${MAPS.breakers} ${service}`]),
      `clear table guarded key ${service}`,
      ...(after === undefined ? [] : [`add map ${MAPS.breakers} ${service} ${after}`]),
    );
  }

  /** What HAProxy counted, of every service that has instances. */
  async figures(): Promise<ServiceFigures[]> {
    const rows = statRows(await this.admin.ask('show stat -1 4 -1'));
    return [...this.services.values()]
      .filter(({ versions }) => versions.size > 0)
      .map((state) => figuresOf(state, rows));
  }

  private sharesCommand(state: ServiceState): string {
    return `set map ${MAPS.shares} ${state.service} ${state.sharesValue()}`;
  }

  /** Connections that are kept for later requests are closed first: HAProxy does not delete a server that has some. */
  private async deleted(server: string): Promise<void> {
    for (;;) {
      const answer = await this.admin.askPatiently(`del server ${server}`);
      if (/deleted|No such server/.test(answer)) return;
      if (!answer.includes('still has')) throw new RouterError(`HAProxy refuses: ${answer.trim()}`);
      await this.admin.tell(`shutdown sessions server ${server}`);
      await sleep(LOOK_MS);
    }
  }
}
