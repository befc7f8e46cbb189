import { freePort } from '@sockshop/supervisor';

/** The front-end, then those behind it in the order of their ports. */
export const SERVICES = [
  'front-end',
  'catalogue',
  'carts',
  'orders',
  'payment',
  'user',
  'shipping',
  'queue-master',
] as const;
export type ServiceName = (typeof SERVICES)[number];

export function isServiceName(name: string): name is ServiceName {
  return SERVICES.some((each) => each === name);
}

/** A process to be: further ones of a service are called `queue-master-2` and so on. */
export interface Instance {
  readonly service: ServiceName;
  readonly name: string;
  readonly port: number;
}

interface Wanted {
  /** Of the front-end; the services behind it take the ports after it. 0: free ports for all. */
  readonly port: number;
  /** How many processes of a service, where it is not one. */
  readonly instances: readonly (readonly [ServiceName, number])[];
}

/** Further instances of a service listen on free ports. */
export async function instancesFor({ port, instances }: Wanted): Promise<Instance[]> {
  const counts = new Map(instances);
  const all: Instance[] = [];
  for (const [index, service] of SERVICES.entries()) {
    all.push({ service, name: service, port: port === 0 ? await freePort() : port + index });
    for (let nth = 2; nth <= (counts.get(service) ?? 1); nth++)
      all.push({ service, name: `${service}-${nth}`, port: await freePort() });
  }
  return all;
}

/** Where the servers are. */
export interface ServerUrls {
  readonly mysql: string;
  readonly mongo: string;
  readonly rabbitmq: string;
  readonly zipkin: string;
}

type Env = Record<string, string>;

/**
 * The variables of one service beside those that this process has. Each gets only the URLs it uses; the names of the databases are the
 * original's.
 */
export function variables(
  { service, port }: Instance,
  all: readonly Instance[],
  servers: ServerUrls,
  sessionKeyFile: string,
): Env {
  const urls = Object.fromEntries(
    all
      .filter(({ service: other, name }) => other === name)
      .map((other) => [
        `${other.name.toUpperCase().replace('-', '_')}_URL`,
        `http://127.0.0.1:${other.port}`,
      ]),
  );
  const bus = { RABBITMQ_URL: servers.rabbitmq };
  const zipkin = servers.zipkin.replace(/\/$/, '');
  const own: Record<ServiceName, Env> = {
    'front-end': {
      ...urls,
      SESSION_KEY_FILE: sessionKeyFile,
      TRACES_URL: zipkin,
      TRACES_PUBLIC_URL: zipkin,
    },
    catalogue: { DATABASE_URL: withDatabase(servers.mysql, 'socksdb') },
    carts: { DATABASE_URL: withMongoDatabase(servers.mongo, 'data') },
    orders: { ...urls, ...bus, DATABASE_URL: withMongoDatabase(servers.mongo, 'data') },
    payment: {},
    user: { DATABASE_URL: withMongoDatabase(servers.mongo, 'users') },
    shipping: bus,
    'queue-master': bus,
  };
  const ZIPKIN = `${zipkin}/api/v2/spans`;
  return { HOST: '127.0.0.1', PORT: String(port), ZIPKIN, ...own[service] };
}

/** Not `new URL`: a MongoDB URL may list several hosts. */
function withDatabase(url: string, database: string): string {
  return url.replace(/^([^:]+:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${database}`);
}

/** The database of a MongoDB URL is also where its user is known, unless the URL says otherwise: that stays as it was. */
function withMongoDatabase(url: string, database: string): string {
  const changed = withDatabase(url, database);
  const password = /^[^:]+:\/\/[^/]+@/.test(url);
  if (!password || /[?&]auth(Source=|Mechanism=(?!SCRAM))/i.test(url)) return changed;
  const known = /^[^:]+:\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? 'admin';
  return `${changed}${changed.includes('?') ? '&' : '?'}authSource=${known}`;
}
