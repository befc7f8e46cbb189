import {
  JsonLog,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEFINITIONS, type ServiceName } from './definitions.ts';
import { LogFile } from './log-file.ts';
import type { EmbeddedOptions } from './options.ts';
import { startTraceStore } from './trace-store/trace-store-server.ts';

type Env = Record<string, string | undefined>;

export interface Part {
  readonly name: string;
  readonly url: string;
  /** Where it keeps what it knows. */
  readonly keeps: string;
}

export interface Shop {
  /** Where a person opens it. */
  readonly url: string;
  /** Where a person watches it; undefined where that is switched off. */
  readonly observatoryUrl: string | undefined;
  readonly parts: readonly Part[];
  readonly logFile: string;
  /** Loads a service anew and starts it in place of the running one, at its port and on its data. The others keep running. */
  restart(name: ServiceName): Promise<void>;
  /** Stops taking requests, finishes what runs, sends the last spans. */
  close(): Promise<void>;
}

/** Their ports follow the front-end's in this order. */
const BEHIND = [
  'catalogue',
  'carts',
  'orders',
  'payment',
  'user',
  'shipping',
  'queue-master',
] as const;
const LOOPBACK = '127.0.0.1';

/**
 * The whole shop in this process: the same eight services as everywhere else, each with its own port, telemetry and
 * configuration, on SQLite files, a bus in memory and a trace store that speaks Zipkin's API.
 * `adapt` may change a service before it starts.
 */
export async function startShop(
  options: EmbeddedOptions,
  given: Env,
  adapt: (definition: ServiceDefinition) => ServiceDefinition = (definition) => definition,
): Promise<Shop> {
  const { data, port } = options;
  if (options.reset) rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const log = new LogFile(join(data, 'sock-shop.log'));
  let observatory: URL | undefined;
  const traces = await startTraceStore({
    port: options.tracePort,
    host: options.host,
    home: (hostname) => observatory && `http://${hostname}:${observatory.port}/observatory`,
  });
  const env = { ZIPKIN: `${traces.url}/api/v2/spans`, ...given }; // the front-end reads traces there
  const tracing = tracingConfig(env);
  const running = new Map<ServiceName, RunningService>();
  const variables = new Map<ServiceName, Env>();

  const launch = async (name: ServiceName, its: Env): Promise<RunningService> => {
    const definition = adapt(await DEFINITIONS[name](its)); // where this fails, a running one keeps running
    await running.get(name)?.close();
    running.delete(name);
    const telemetry = await Telemetry.start(name, tracing);
    const service = await startService(definition, telemetry, new JsonLog(name, 'info', log.write));
    running.set(name, service);
    return service;
  };
  const start = async (name: ServiceName, own: Env): Promise<string> => {
    const HOST = name === 'front-end' ? options.host : LOOPBACK;
    const its = { ...env, ...own, PORT: String(portOf(name, port)), HOST };
    const service = await launch(name, its);
    variables.set(name, { ...its, PORT: String(service.port) });
    return service.url;
  };
  const database = (name: string): Env => ({ DATABASE_URL: `sqlite:${join(data, `${name}.db`)}` });
  const bus = { RABBITMQ_URL: `memory:${data}` };

  try {
    const CATALOGUE_URL = await start('catalogue', database('catalogue'));
    const CARTS_URL = await start('carts', database('carts'));
    const PAYMENT_URL = await start('payment', {});
    const USER_URL = await start('user', database('user'));
    await start('queue-master', bus);
    const SHIPPING_URL = await start('shipping', bus);
    const ORDERS_URL = await start('orders', {
      ...database('orders'),
      ...bus,
      CARTS_URL,
      PAYMENT_URL,
      USER_URL,
      SHIPPING_URL,
    });
    const address = await start('front-end', {
      CATALOGUE_URL,
      CARTS_URL,
      ORDERS_URL,
      USER_URL,
      SESSION_KEY_FILE: join(data, 'session.key'),
    });
    const url = address.replace(LOOPBACK, 'localhost');
    const { FrontEndConfig } = await import('@sockshop/front-end/config');
    if (FrontEndConfig.read(env).observatory) observatory = new URL('/observatory', url);
    return {
      url,
      observatoryUrl: observatory?.href,
      parts: [
        ...[...running.values()].map((service) => partOf(service, data)),
        traceStorePart(traces.url),
      ],
      logFile: log.path,
      restart: async (name) => {
        await launch(name, variables.get(name) ?? {});
      },
      close: () => close(running, traces.close, log),
    };
  } catch (error) {
    await close(running, traces.close, log);
    throw error;
  }
}

/** Callers first, so that no service calls a closed one; the trace store last, as it receives the last spans. */
async function close(
  running: ReadonlyMap<string, RunningService>,
  closeTraces: () => Promise<void>,
  log: LogFile,
): Promise<void> {
  for (const name of Object.keys(DEFINITIONS)) await running.get(name)?.close();
  await closeTraces();
  log.close();
}

function portOf(name: string, first: number): number {
  if (first === 0) return 0;
  return first + BEHIND.findIndex((each) => each === name) + 1; // the front-end is none of them: first + 0
}

function partOf({ name, url }: RunningService, data: string): Part {
  const stored = ['catalogue', 'carts', 'orders', 'user'].includes(name);
  const onBus = ['shipping', 'queue-master'].includes(name);
  const keeps = stored ? join(data, `${name}.db`) : onBus ? 'queue in memory' : '–';
  return { name, url, keeps };
}

function traceStorePart(url: string): Part {
  return { name: 'traces (Zipkin API)', url, keeps: 'the newest traces, in memory' };
}
