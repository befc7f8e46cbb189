import {
  environmentOf,
  portOf,
  type Service,
  type ServiceName,
  SERVICES,
  startOrder,
} from '@sockshop/parts';
import { withSecretFiles } from '@sockshop/secrets';
import {
  configOf,
  type DefineService,
  JsonLog,
  requestLogLevel,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { forSeveralServices, tracingConfig } from '@sockshop/tracing';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { databaseFile, LOG_FILE, SESSION_KEY_FILE } from './data-folder.ts';
import { LogFile } from './log-file.ts';
import type { EmbeddedOptions } from './options.ts';
import { startTraceStore } from './trace-store/trace-store-server.ts';

export type { EmbeddedOptions };

type Env = Record<string, string | undefined>;

export interface Part {
  readonly name: string;
  readonly kind: 'service' | 'server';
  readonly url: string;
  /** The place of its data. */
  readonly keeps: string;
}

export interface Shop {
  /** The address for a browser. */
  readonly url: string;
  /** The address of the Observatory; undefined when it is switched off. */
  readonly observatoryUrl: string | undefined;
  readonly parts: readonly Part[];
  readonly logFile: string;
  /** Loads a service again and replaces the running one, on the same port and data. The others keep running. */
  restart(name: string): Promise<void>;
  /** Stops accepting requests, finishes running ones, sends the last spans. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

class TraceStoreConfig extends configOf({ variables: {}, config: () => ({}) }) {}

/**
 * The whole shop in this process: the same services as everywhere else, each with its own port, telemetry and configuration, on
 * SQLite files, a bus in memory and a trace store that speaks Zipkin's API.
 * Its folder must be there, and claimed. `adapt` may change a service before it starts.
 */
export async function startShop(
  options: EmbeddedOptions,
  given: Env,
  adapt: (definition: ServiceDefinition) => ServiceDefinition = (definition) => definition,
): Promise<Shop> {
  const { data, port } = options;
  const log = new LogFile(join(data, LOG_FILE));
  let observatory: URL | undefined;
  const traces = await startTraceStore({
    port: options.tracePort,
    host: options.host,
    allowedHosts: TraceStoreConfig.read({ ALLOWED_HOSTS: given['ALLOWED_HOSTS'] }).allowedHosts,
    home: (hostname) => observatory && `http://${hostname}:${observatory.port}/observatory`,
  });
  const env: Env = {
    ZIPKIN: `${traces.url}/api/v2/spans`, // the front-end reads traces there
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=embedded',
    ...withSecretFiles(given),
  };
  const tracing = forSeveralServices(tracingConfig(env));
  const running = new Map<ServiceName, RunningService>();
  const variables = new Map<ServiceName, Env>();

  const launch = async (name: ServiceName, its: Env): Promise<RunningService> => {
    const definition = adapt((await defineOf(name))(its)); // if this fails, the running service continues
    await running.get(name)?.close();
    running.delete(name);
    const lines = new JsonLog(name, 'info', log.write);
    const telemetry = await Telemetry.start(name, tracing, undefined, lines);
    const service = await startService(
      definition,
      telemetry,
      lines,
      requestLogLevel(its['REQUEST_LOG_LEVEL']),
    );
    running.set(name, service);
    return service;
  };
  const urlOf = (name: ServiceName): string => running.get(name)?.url ?? '';
  const surroundings = {
    upstream: urlOf,
    database: (_database: unknown, { name }: Service) => `sqlite:${databaseFile(data, name)}`,
    broker: `memory:${data}`,
    sessionKeyFile: join(data, SESSION_KEY_FILE),
    logs: pathToFileURL(log.path).href,
  };

  try {
    for (const service of startOrder()) {
      const { name } = service;
      const HOST = name === 'front-end' ? options.host : LOOPBACK;
      const PORT = String(portOf(service, port));
      const its = { ...env, ...environmentOf(service, surroundings), PORT, HOST };
      const started = await launch(name, its);
      variables.set(name, { ...its, PORT: String(started.port) });
    }
    const url = urlOf('front-end').replace(LOOPBACK, 'localhost');
    if (env['OBSERVATORY'] !== 'off') observatory = new URL('/observatory', url);
    return {
      url,
      observatoryUrl: observatory?.href,
      parts: [
        ...[...running.values()].map((service) => partOf(service, data)),
        traceStorePart(traces.url),
      ],
      logFile: log.path,
      restart: async (name) => {
        for (const [each, its] of variables) if (each === name) await launch(each, its);
      },
      close: () => close(running, traces.close, log),
    };
  } catch (error) {
    await close(running, traces.close, log);
    throw error;
  }
}

/** Imports a service by name only when it starts: `npm run dev` imports a newer version later. */
async function defineOf(name: ServiceName): Promise<DefineService> {
  const { define } = (await import(`@sockshop/${name}`)) as { define: DefineService }; // as in every service's main.ts
  return define;
}

/** Closes callers first, so that no service calls a closed one, and the trace store last, because it receives the last spans. */
async function close(
  running: ReadonlyMap<string, RunningService>,
  closeTraces: () => Promise<void>,
  log: LogFile,
): Promise<void> {
  for (const { name } of startOrder().reverse()) await running.get(name)?.close();
  await closeTraces();
  log.close();
}

function partOf({ name, url }: RunningService, data: string): Part {
  const { database, broker } = SERVICES.find((service) => service.name === name) ?? {};
  const queue = broker ? 'queue in memory' : '–';
  const keeps = database ? databaseFile(data, name) : queue;
  return { name, kind: 'service', url, keeps };
}

function traceStorePart(url: string): Part {
  const keeps = 'the newest traces, in memory';
  return { name: 'traces (Zipkin API)', kind: 'server', url, keeps };
}
