import { SERVICE_NAMES, type ServiceName } from '@sockshop/parts';
import { type Slot, SLOTS } from './configuration.ts';
import { RouterError } from './router-error.ts';

/** A process that serves requests. */
export interface Instance {
  readonly version: string;
  /** Unique in its service; HAProxy's name of it, in its figures, too. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Requests that go to a version whatever the shares. */
export type Variant = { readonly version: string } & (
  { readonly cookie: string } | { readonly header: string }
);

export interface Breaker {
  /** So many failures in a row open the circuit; 0 or absent: none do. */
  readonly errors?: number;
  /** How long it stays open. Then the next failure opens it again, and the next success closes it. Default 5. */
  readonly holdSeconds?: number;
  /** So many requests at the same time at most; 0 or absent: any number. */
  readonly requests?: number;
}

interface VersionState {
  readonly slot: Slot;
  /** Percent. */
  share: number;
  readonly instances: Map<string, Instance>;
  readonly draining: Set<string>;
}

/** What is set for one service. */
export class ServiceState {
  readonly versions = new Map<string, VersionState>();
  limit: number | undefined;
  breaker: Breaker | undefined;
  variant: Variant | undefined;

  constructor(readonly service: ServiceName) {}

  /** The version, which gets a slot if it is new. The first one gets all requests. */
  ensure(version: string): VersionState {
    requireName('version', version);
    const known = this.versions.get(version);
    if (known) return known;
    const taken = [...this.versions.values()].map(({ slot }) => slot);
    const slot = SLOTS.find((each) => !taken.includes(each));
    if (slot === undefined) {
      const names = [...this.versions.keys()].join(', ');
      throw new RouterError(
        `${this.service} has ${SLOTS.length} versions already: ${names}. Remove one first.`,
      );
    }
    const made: VersionState = {
      slot,
      share: this.versions.size === 0 ? 100 : 0,
      instances: new Map(),
      draining: new Set(),
    };
    this.versions.set(version, made);
    return made;
  }

  /** @throws RouterError */
  version(name: string): VersionState {
    const found = this.versions.get(name);
    if (found) return found;
    const known = [...this.versions.keys()].join(', ') || 'none';
    throw new RouterError(`${this.service} has no version ${name}; it has: ${known}.`);
  }

  /** @throws RouterError */
  instance(name: string): { version: VersionState; instance: Instance } {
    for (const version of this.versions.values()) {
      const instance = version.instances.get(name);
      if (instance) return { version, instance };
    }
    throw new RouterError(`${this.service} has no instance ${name}.`);
  }

  /** Whether an instance has the name. */
  has(name: string): boolean {
    return [...this.versions.values()].some(({ instances }) => instances.has(name));
  }

  /** Forgets versions that nothing is left of. */
  prune(): void {
    for (const [name, { share, instances }] of this.versions)
      if (share === 0 && instances.size === 0) this.versions.delete(name);
  }

  /** @throws RouterError unless they are percents of known versions, and together 100 */
  setShares(shares: Readonly<Record<string, number>>): void {
    const entries = Object.entries(shares);
    const sum = entries.reduce((total, [, share]) => total + Math.round(share * 100), 0);
    if (sum !== 10_000 || entries.some(([, share]) => !(share >= 0)))
      throw new RouterError('Shares are percents, and together 100.');
    for (const [name] of entries) this.version(name);
    for (const [name, version] of this.versions) version.share = shares[name] ?? 0;
    this.prune();
  }

  /** The value of `shares.map`: see the rules. */
  sharesValue(): string {
    const bySlot = (slot: Slot) => [...this.versions.values()].find((each) => each.slot === slot);
    const used = SLOTS.filter((slot) => (bySlot(slot)?.share ?? 0) > 0);
    const [first = 1] = used;
    if (used.length <= 1) return String(first);
    let below = 0;
    const thresholds = SLOTS.map((slot) => (below += Math.round((bySlot(slot)?.share ?? 0) * 100)));
    return [...thresholds, used.join('')].join(':');
  }

  /** The value of `breakers.map`. */
  breakerValue(): string | undefined {
    if (!this.breaker) return undefined;
    const { errors = 0, holdSeconds = 5, requests = 0 } = this.breaker;
    return [errors, holdSeconds, requests].join(':');
  }

  /** The key of `variant-rules.map`: a regular expression of the service and all headers. It has neither a backslash nor a semicolon, which the admin socket reads itself. */
  variantRule(): { pattern: string; slot: Slot } | undefined {
    if (!this.variant) return undefined;
    const { slot } = this.version(this.variant.version);
    const header = `^${this.service}(?:[[:space:]]|(?s:.*)[[:cntrl:]])`;
    if ('cookie' in this.variant) {
      const [name, value] = pair('cookie', this.variant.cookie);
      const before = '(?:[^[:cntrl:]]*[^[:alnum:]_.-])?';
      const pattern = `${header}cookie:${before}${name}=${value}[^[:alnum:]_.~-]`;
      return { pattern, slot };
    }
    const [name, value] = pair('header', this.variant.header);
    const pattern = `${header}${name.toLowerCase()}:[[:blank:]]*${value}[[:cntrl:]]`;
    return { pattern, slot };
  }
}

/** What is set, of all services. */
export function initialState(): ReadonlyMap<ServiceName, ServiceState> {
  return new Map(SERVICE_NAMES.map((name) => [name, new ServiceState(name)]));
}

/** @throws RouterError unless HAProxy takes it as a name */
export function requireName(what: string, name: string): void {
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new RouterError(
      `"${name}" is not a name of the ${what}: use letters, digits, . _ and -.`,
    );
}

/** Both parts as a regular expression. */
function pair(what: string, text: string): readonly [string, string] {
  const [, name, value] = /^([\w-]+)=([\w.~-]+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new RouterError(`"${text}" is no ${what}: give name=value, such as variant=b.`);
  return [name, value.replaceAll('.', '[.]')];
}
