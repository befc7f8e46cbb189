import { type Database, type Service, SERVICES } from './parts.ts';

/** The port of the shop itself, unless a person chooses another. */
export const DEFAULT_PORT = 8080;

/** Where the shop's port may be at most, so that those of all services exist. */
export const HIGHEST_PORT = 65_535 - (SERVICES.length - 1);

/** The port of a service when the shop's is `shopPort`; 0, any free one, stays 0. */
export function portOf({ port }: Service, shopPort: number): number {
  return shopPort === 0 ? 0 : shopPort + port - DEFAULT_PORT;
}

/** Each service after those it calls. Stopped the other way round, no service calls one that has ended. */
export function startOrder(): Service[] {
  return [...SERVICES].sort((one, other) => depthOf(one) - depthOf(other));
}

/** How many calls in a row begin at the service. */
function depthOf({ upstreams }: Service): number {
  const called = SERVICES.filter(({ name }) => upstreams.includes(name));
  return Math.max(0, ...called.map((service) => 1 + depthOf(service)));
}

/** Where one way of running the shop has what services need. */
export interface Surroundings {
  readonly upstream: (name: Service['name']) => string;
  readonly database: (database: Database, service: Service) => string;
  readonly broker: string;
  /** Where the key that seals sessions is made and kept. */
  readonly sessionKeyFile: string;
  /** Base URL of a Zipkin with pages of its own. Without it no variable about traces is set. */
  readonly zipkin?: string;
}

/** The variables that a launcher sets for a service beside its HOST and PORT: only those that it reads. */
export function environmentOf(service: Service, at: Surroundings): Record<string, string> {
  const { upstreams, database, broker, variables = [] } = service;
  const zipkin = at.zipkin?.replace(/\/$/, '');
  const further = {
    SESSION_KEY_FILE: at.sessionKeyFile,
    TRACES_URL: zipkin,
    TRACES_PUBLIC_URL: zipkin,
  };
  const all: [string, string | undefined][] = [
    ['ZIPKIN', zipkin && `${zipkin}/api/v2/spans`],
    ...upstreams.map((name): [string, string] => [urlVariable(name), at.upstream(name)]),
    ['DATABASE_URL', database && at.database(database, service)],
    ['RABBITMQ_URL', broker && at.broker],
    ...variables.map((name): [string, string | undefined] => [name, further[name]]),
  ];
  return Object.fromEntries(all.filter((each): each is [string, string] => each[1] !== undefined));
}

/** What a caller reads the URL of the service from. */
function urlVariable(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_URL`;
}
