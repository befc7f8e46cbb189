import { SHIPPING_TASK_QUEUE } from '@sockshop/queues';
import { isIP } from 'node:net';
import { z } from 'zod';
import { EVERY_ADDRESS } from './listen-address.ts';
import { COMMON_FLAGS, type Flags, flagValues } from './flags.ts';

/** A variable is missing or wrong: the process stops at start and names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Env = Readonly<Record<string, string | undefined>>;

/** The variables that a service reads, and the configuration made from them. */
interface Settings<V extends z.ZodRawShape, C extends object> {
  /** Variable name to schema. A comment on each gives its meaning, its unit and the origin of its default. */
  readonly variables: V;
  /** Flags that it takes besides `-port` and `-zipkin`. */
  readonly flags?: Flags | undefined;
  /** In a container every service listens on port 80, as in the original. */
  readonly defaultPort?: number;
  readonly config: (values: z.output<z.ZodObject<V>>, env: Env) => C;
}

/** Where a service listens. */
export interface Listen {
  readonly port: number;
  readonly host: string;
  /** Host names that a listener on loopback serves besides its own, `localhost` and IP addresses. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Addresses and subnets whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
}

export interface ConfigClass<C> {
  new (config: C): Readonly<C>;
  /** @throws ConfigError naming every variable that is wrong, UsageError, HelpRequest */
  read<T>(this: new (config: C) => T, env: Env, argv?: readonly string[]): T;
}

/**
 * What the configuration class of a service extends: `class PaymentConfig extends configOf({ … }) {}`. The class is the only reader of
 * the service's variables, and its injection token. PORT, HOST, ALLOWED_HOSTS and TRUSTED_PROXIES belong to each.
 */
export function configOf<V extends z.ZodRawShape, C extends object>({
  variables,
  flags,
  defaultPort = 80,
  config,
}: Settings<V, C>): ConfigClass<Listen & C> {
  const listen = {
    PORT: port.default(defaultPort),
    HOST: z.string().default(EVERY_ADDRESS),
    ALLOWED_HOSTS: hostNames.optional(),
    TRUSTED_PROXIES: subnets.optional(),
  };
  const schema = z.object(listen).and(z.object(variables));
  class Config implements Listen {
    readonly port: number;
    readonly host: string;
    readonly allowedHosts: readonly string[] | undefined;
    readonly trustedProxies: readonly string[] | undefined;

    constructor({ port, host, allowedHosts, trustedProxies, ...own }: Listen & C) {
      this.port = port;
      this.host = host;
      this.allowedHosts = allowedHosts;
      this.trustedProxies = trustedProxies;
      Object.assign(this, own);
    }

    static read<T>(this: new (values: Listen & C) => T, env: Env, argv: readonly string[] = []): T {
      const values = readVariables(schema, env, argv, flags);
      const { PORT, HOST, ALLOWED_HOSTS, TRUSTED_PROXIES } = values;
      const listen = {
        port: PORT,
        host: HOST,
        allowedHosts: ALLOWED_HOSTS,
        trustedProxies: TRUSTED_PROXIES,
      };
      return new this({ ...listen, ...config(values, env) });
    }
  }
  return Config as ConfigClass<Listen & C>; // the constructor assigns them
}

/**
 * Reads the variables that `schema` names. A flag wins over its variable; the lower-case `port` of the original's Java services stands for
 * PORT; an empty variable counts as absent.
 */
function readVariables<S extends z.ZodType>(
  schema: S,
  env: Env,
  argv: readonly string[],
  flags: Flags = {},
): z.output<S> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && value !== '') given[name] = value;
  }
  if (env['port']) given['PORT'] ??= env['port'];
  Object.assign(given, flagValues(argv, { ...COMMON_FLAGS, ...flags }));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(lines.join('; '));
}

/** A TCP port; 0 lets the system choose a free one. */
export const port = z.coerce.number().int().min(0).max(65_535);
/** Names separated by commas, such as `shop.example,shop.test`. */
const hostNames = z
  .string()
  .regex(/^[\w.-]+( *, *[\w.-]+)*$/, 'names of hosts, separated by commas')
  .transform((text) => text.split(',').map((name) => name.trim()));
/** Addresses, subnets such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`, separated by commas. */
const subnets = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every(isSubnet), 'addresses or subnets, separated by commas');

function isSubnet(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (rest.length > 0 || longest < 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
}

/** A number of things, from 1. */
export const count = z.coerce.number().int().min(1);
/** A duration in whole milliseconds. */
export const milliseconds = z.coerce.number().int().min(1);
/** `true` or `false`, also `1` and `0`. */
export const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((text) => text === 'true' || text === '1');

/** A router through which other services are called by their names. Without it they are called at their own addresses. */
export const meshUrl = z.url({ protocol: /^http$/ }).optional();

/** `amqp://…`, `amqps://…`, or `memory:NAME`, the bus inside one process. */
export const brokerUrl = z
  .string()
  .regex(/^(amqps?:\/\/|memory:)./, 'not an amqp://, amqps:// or memory: URL')
  .refine((url) => URL.canParse(url), 'not a URL');

/** Infers the types of settings that two services share. */
const part = <V extends z.ZodRawShape, C extends object>(settings: Settings<V, C>) => settings;

/** The database of carts and orders. `host` is the one of the original. */
export const mongoOrSqlite = (host: string) =>
  part({
    variables: {
      /** `mongodb://…` or `sqlite:PATH`. */
      DATABASE_URL: z.string().optional(),
      MONGO_URL: z.string().optional(),
      /** The original's variable: only the host; port and database were fixed. */
      db: z.string().default(host),
    },
    flags: { db: 'db' },
    config: ({ DATABASE_URL, MONGO_URL, db }) => ({
      databaseUrl: DATABASE_URL ?? MONGO_URL ?? `mongodb://${db}:27017/data`,
    }),
  });

/** The queue from shipping to queue-master, and its broker. */
export const shippingQueue = part({
  variables: {
    RABBITMQ_URL: brokerUrl.optional(),
    /** The original's setting: only the host; port, user and password were fixed. Spring reads it in both spellings. */
    'spring.rabbitmq.host': z.string().optional(),
    SPRING_RABBITMQ_HOST: z.string().default('rabbitmq'),
    SHIPPING_QUEUE: z.string().default(SHIPPING_TASK_QUEUE),
    /** False beside original services: they declare the queue so, and a queue cannot be both. */
    SHIPPING_QUEUE_DURABLE: flag.default(true),
  },
  flags: { 'spring.rabbitmq.host': 'spring.rabbitmq.host' },
  config: ({ RABBITMQ_URL, SPRING_RABBITMQ_HOST, ...values }) => {
    const host = values['spring.rabbitmq.host'] ?? SPRING_RABBITMQ_HOST;
    return {
      busUrl: RABBITMQ_URL ?? `amqp://guest:guest@${host}:5672`,
      queue: { name: values.SHIPPING_QUEUE, durable: values.SHIPPING_QUEUE_DURABLE },
    };
  },
});
