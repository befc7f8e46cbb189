import type { RouterPorts } from '@sockshop/edge-router';
import {
  environmentOf,
  portOf,
  type Service,
  type ServiceName,
  SERVICES,
  type Surroundings,
} from '@sockshop/parts';
import { freePort } from '@sockshop/supervisor';

/** A process to start. Further instances of a service are called `queue-master-2` and so on. */
export interface Instance {
  readonly service: Service;
  readonly name: string;
  readonly port: number;
}

interface Wanted {
  /** The shop's port. The front-end takes the one before it, and the router's doors to the other services those after it. 0: free ports for all. */
  readonly port: number;
  /** The number of processes of a service, where it is more than one. */
  readonly instances: readonly (readonly [ServiceName, number])[];
}

/** The front-end's first instance has a port that a person can find; all others are reached through the router, and listen on free ports. */
export async function instancesFor({ port, instances }: Wanted): Promise<Instance[]> {
  const counts = new Map(instances);
  const all: Instance[] = [];
  for (const service of SERVICES) {
    const { name } = service;
    const found = name === 'front-end' && port > 1 ? port - 1 : undefined;
    all.push({ service, name, port: found ?? (await freePort()) });
    for (let nth = 2; nth <= (counts.get(name) ?? 1); nth++)
      all.push({ service, name: `${name}-${nth}`, port: await freePort() });
  }
  return all;
}

/** Of the router: the shop's port, and a door to each service behind it. */
export async function routerPortsFor({ port }: Pick<Wanted, 'port'>): Promise<RouterPorts> {
  const behind = SERVICES.filter(({ name }) => name !== 'front-end');
  const doors: Partial<Record<ServiceName, number>> = {};
  for (const service of behind) doors[service.name] = portOf(service, port) || (await freePort());
  const edge = port || (await freePort());
  return { edge, doors, statistics: await freePort(), mesh: await freePort() };
}

/** The servers' addresses. */
export interface ServerUrls {
  readonly mysql: string;
  readonly mongo: string;
  readonly rabbitmq: string;
  readonly zipkin: string;
}

/** The variables that one service gets in addition to this process's. They contain only the URLs it uses. */
export function variables(
  { service, port }: Pick<Instance, 'service' | 'port'>,
  { mesh }: Pick<RouterPorts, 'mesh'>,
  { mysql, mongo, rabbitmq, zipkin }: ServerUrls,
  sessionKeyFile: string,
  /** Of this shop: what pages show log lines from, and where its launcher takes commands. */
  places: Pick<Surroundings, 'logs' | 'meshControl'> = {},
): Record<string, string> {
  const environment = environmentOf(service, {
    upstream: (upstream) => `http://${upstream}`,
    mesh: `http://127.0.0.1:${mesh}`,
    database: ({ server, name }) =>
      server === 'mysql' ? withDatabase(mysql, name) : withMongoDatabase(mongo, name),
    broker: rabbitmq,
    sessionKeyFile,
    zipkin,
    ...places,
  });
  const own = { HOST: '127.0.0.1', PORT: String(port), OTEL_SERVICE_NAME: service.name }; // this process's would name them all
  return { ...own, ...environment };
}

/** Not `new URL`: a MongoDB URL may list several hosts. */
function withDatabase(url: string, database: string): string {
  return url.replace(/^([^:]+:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${database}`);
}

/** MongoDB authenticates a user in the URL's database unless the URL names another: the changed URL keeps authenticating there. */
function withMongoDatabase(url: string, database: string): string {
  const changed = withDatabase(url, database);
  const password = /^[^:]+:\/\/[^/]+@/.test(url);
  if (!password || /[?&]auth(Source=|Mechanism=(?!SCRAM))/i.test(url)) return changed;
  const known = /^[^:]+:\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? 'admin';
  return `${changed}${changed.includes('?') ? '&' : '?'}authSource=${known}`;
}
