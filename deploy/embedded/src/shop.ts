import { carts } from '@sockshop/carts';
import { CartsConfig } from '@sockshop/carts/config';
import { catalogue } from '@sockshop/catalogue';
import { CatalogueConfig } from '@sockshop/catalogue/config';
import { frontEnd } from '@sockshop/front-end';
import { FrontEndConfig } from '@sockshop/front-end/config';
import { orders } from '@sockshop/orders';
import { OrdersConfig } from '@sockshop/orders/config';
import { payment } from '@sockshop/payment';
import { PaymentConfig } from '@sockshop/payment/config';
import { queueMaster } from '@sockshop/queue-master';
import { QueueMasterConfig } from '@sockshop/queue-master/config';
import {
  JsonLog,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@sockshop/service';
import { shipping } from '@sockshop/shipping';
import { ShippingConfig } from '@sockshop/shipping/config';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { user } from '@sockshop/user';
import { UserConfig } from '@sockshop/user/config';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
 */
export async function startShop(options: EmbeddedOptions, given: Env): Promise<Shop> {
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
  const running: RunningService[] = [];

  const start = async (
    name: string,
    define: (env: Env) => ServiceDefinition,
    own: Env,
  ): Promise<string> => {
    const host = name === 'front-end' ? options.host : LOOPBACK;
    const definition = define({ ...env, ...own, PORT: String(portOf(name, port)), HOST: host });
    const telemetry = await Telemetry.start(name, tracing);
    const service = await startService(definition, telemetry, new JsonLog(name, 'info', log.write));
    running.push(service);
    return service.url;
  };
  const database = (name: string): Env => ({ DATABASE_URL: `sqlite:${join(data, `${name}.db`)}` });
  const bus = { RABBITMQ_URL: `memory:${data}` };

  try {
    const CATALOGUE_URL = await start(
      'catalogue',
      (e) => catalogue(CatalogueConfig.read(e)),
      database('catalogue'),
    );
    const CARTS_URL = await start('carts', (e) => carts(CartsConfig.read(e)), database('carts'));
    const PAYMENT_URL = await start('payment', (e) => payment(PaymentConfig.read(e)), {});
    const USER_URL = await start('user', (e) => user(UserConfig.read(e)), database('user'));
    await start('queue-master', (e) => queueMaster(QueueMasterConfig.read(e)), bus);
    const SHIPPING_URL = await start('shipping', (e) => shipping(ShippingConfig.read(e)), bus);
    const ORDERS_URL = await start('orders', (e) => orders(OrdersConfig.read(e)), {
      ...database('orders'),
      ...bus,
      CARTS_URL,
      PAYMENT_URL,
      USER_URL,
      SHIPPING_URL,
    });
    const address = await start('front-end', (e) => frontEnd(FrontEndConfig.read(e)), {
      CATALOGUE_URL,
      CARTS_URL,
      ORDERS_URL,
      USER_URL,
      SESSION_KEY_FILE: join(data, 'session.key'),
    });
    const url = address.replace(LOOPBACK, 'localhost');
    if (FrontEndConfig.read(env).observatory) observatory = new URL('/observatory', url);
    return {
      url,
      observatoryUrl: observatory?.href,
      parts: [...running.map((service) => partOf(service, data)), traceStorePart(traces.url)],
      logFile: log.path,
      close: () => close(running, traces.close, log),
    };
  } catch (error) {
    await close(running, traces.close, log);
    throw error;
  }
}

/** Callers first, so that nobody calls a service that is gone; the trace store last, for it gets the last spans. */
async function close(
  running: RunningService[],
  closeTraces: () => Promise<void>,
  log: LogFile,
): Promise<void> {
  for (const service of running.reverse()) await service.close();
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
