import { type Database, type Service, type ServiceName, SERVICES } from './parts.ts';

/** The port of the shop itself, unless a person chooses another. */
export const DEFAULT_PORT = 8080;

/** The highest port of the shop with which the ports of all services exist. */
export const HIGHEST_PORT = 65_535 - (SERVICES.length - 1);

/** The port of a service when the shop's is `shopPort`. 0 (any free port) stays 0. */
export function portOf({ port }: Service, shopPort: number): number {
  return shopPort === 0 ? 0 : shopPort + port - DEFAULT_PORT;
}

/** Lists each service after those it calls. Stop them in reverse, so that no service calls one that has ended. */
export function startOrder(): Service[] {
  return [...SERVICES].sort((one, other) => depthOf(one) - depthOf(other));
}

/** The services that call others, in the groups in which they end: no service calls one that has ended. */
export function callersFirst(): ServiceName[][] {
  const groups: ServiceName[][] = [];
  for (const service of SERVICES) (groups[depthOf(service)] ??= []).push(service.name);
  return groups.slice(1).reverse();
}

/** The length of the longest chain of calls that begins at the service. */
function depthOf({ upstreams }: Service): number {
  const called = SERVICES.filter(({ name }) => upstreams.includes(name));
  return Math.max(0, ...called.map((service) => 1 + depthOf(service)));
}

/** The addresses and files that one way of running the shop gives to services. */
export interface Surroundings {
  readonly upstream: (name: Service['name']) => string;
  /** Where services are called by name, if there is a router. */
  readonly mesh?: string | undefined;
  readonly database: (database: Database, service: Service) => string;
  readonly broker: string;
  /** The file of the key that seals sessions; created when missing. */
  readonly sessionKeyFile: string;
  /** Base URL of a Zipkin with its own pages. Without it, no trace variable is set. */
  readonly zipkin?: string;
  /** File URL of the folder of all logs, or of the one log, from which pages show the lines of a span. Not a path: this module also runs in pages. */
  readonly logs?: string;
  /** The socket on which the launcher takes the mesh's commands. */
  readonly meshControl?: string;
}

/** The variables that a launcher sets for a service besides HOST and PORT: only those that it reads. */
export function environmentOf(service: Service, at: Surroundings): Record<string, string> {
  const { upstreams, database, broker, variables = [] } = service;
  const zipkin = at.zipkin?.replace(/\/$/, '');
  const further = {
    SESSION_KEY_FILE: at.sessionKeyFile,
    TRACES_URL: zipkin,
    TRACES_PUBLIC_URL: zipkin,
    LOGS_URL: at.logs,
    MESH_CONTROL: at.meshControl,
  };
  const all: [string, string | undefined][] = [
    ['ZIPKIN', zipkin && `${zipkin}/api/v2/spans`],
    ...upstreams.map((name): [string, string] => [urlVariable(name), at.upstream(name)]),
    ['MESH_URL', upstreams.length > 0 ? at.mesh : undefined],
    ['DATABASE_URL', database && at.database(database, service)],
    ['RABBITMQ_URL', broker && at.broker],
    ...variables.map((name): [string, string | undefined] => [name, further[name]]),
  ];
  return Object.fromEntries(all.filter((each): each is [string, string] => each[1] !== undefined));
}

/** The variable from which callers read the URL of the service. */
function urlVariable(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_URL`;
}
