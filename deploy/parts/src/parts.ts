/** The facts about one service that launchers, tests and pages need. */
interface Facts {
  readonly name: string;
  /** The port with `npm start` and `npm run start:distributed`; `--port` moves all ports together. */
  readonly port: number;
  /** The services it calls. It reads each URL from a variable, such as CARTS_URL for carts. */
  readonly upstreams: readonly string[];
  /** Its own database on a server, which it reads from DATABASE_URL. `npm start` gives it a SQLite file instead. */
  readonly database?: Database;
  /** Whether it publishes or consumes messages. It reads the broker's URL from RABBITMQ_URL. */
  readonly broker?: true;
  /** Other variables that it reads and a launcher must set. */
  readonly variables?: readonly (
    'SESSION_KEY_FILE' | 'TRACES_URL' | 'TRACES_PUBLIC_URL' | 'LOGS_URL' | 'MESH_CONTROL'
  )[];
  /** The memory limit of a container, in MiB, from the original's Kubernetes manifests. */
  readonly memoryMiB: number;
  /** Its colour in the trace drawer and the Observatory. */
  readonly colour: Colour;
}

export interface Database {
  readonly server: 'mysql' | 'mongodb';
  /** The original's name. */
  readonly name: string;
}

/** For light and for dark pages. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

/**
 * Every service of the shop, in the order of their ports: the one list that launchers, tests and pages read. A search chose the colours
 * for the greatest least distance under each kind of colour blindness. Each has a
 * contrast of at least 3:1 on every surface of its theme.
 */
const LIST = [
  {
    name: 'front-end',
    port: 8080,
    upstreams: ['catalogue', 'carts', 'orders', 'user'],
    variables: ['SESSION_KEY_FILE', 'TRACES_URL', 'TRACES_PUBLIC_URL', 'LOGS_URL', 'MESH_CONTROL'],
    memoryMiB: 1000,
    colour: { light: '#3b307a', dark: '#ab9aff' },
  },
  {
    name: 'catalogue',
    port: 8081,
    upstreams: [],
    database: { server: 'mysql', name: 'socksdb' },
    memoryMiB: 200,
    colour: { light: '#005351', dark: '#71f9cb' },
  },
  {
    name: 'carts',
    port: 8082,
    upstreams: [],
    database: { server: 'mongodb', name: 'data' },
    memoryMiB: 500,
    colour: { light: '#59340f', dark: '#b08c22' },
  },
  {
    name: 'orders',
    port: 8083,
    upstreams: ['carts', 'payment', 'user', 'shipping'],
    database: { server: 'mongodb', name: 'data' },
    broker: true,
    memoryMiB: 500,
    colour: { light: '#4b81fb', dark: '#6191b4' },
  },
  {
    name: 'payment',
    port: 8084,
    upstreams: [],
    memoryMiB: 200,
    colour: { light: '#758e61', dark: '#8ec234' },
  },
  {
    name: 'user',
    port: 8085,
    upstreams: [],
    database: { server: 'mongodb', name: 'users' },
    memoryMiB: 200,
    colour: { light: '#7c2fb5', dark: '#9466df' },
  },
  {
    name: 'shipping',
    port: 8086,
    upstreams: [],
    broker: true,
    memoryMiB: 500,
    colour: { light: '#ef5617', dark: '#e7a89a' },
  },
  {
    name: 'queue-master',
    port: 8087,
    upstreams: [],
    broker: true,
    memoryMiB: 500,
    colour: { light: '#625e00', dark: '#e3de7f' },
  },
] as const satisfies readonly Facts[];

export type ServiceName = (typeof LIST)[number]['name'];

/** One service of the shop. */
export interface Service extends Facts {
  readonly name: ServiceName;
  readonly upstreams: readonly ServiceName[];
}

export const SERVICES: readonly Service[] = LIST;
export const SERVICE_NAMES: readonly ServiceName[] = LIST.map(({ name }) => name);
