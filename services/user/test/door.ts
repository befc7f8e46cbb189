import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { JsonLog, type RunningService, startService } from '@sockshop/service';
import { Documented, noting } from '@sockshop/testing';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { UserConfig } from '../src/config.ts';
import { user } from '../src/user.module.ts';

/** The service as a caller meets it, with what it traced and logged. */
export interface Door {
  service: RunningService;
  spans: InMemorySpanExporter;
  lines: string[];
  documented: Documented;
  /** What the router has. */
  routes: Set<string>;
  send(method: string, path: string, body?: unknown, type?: string): Promise<Response>;
  login(username: string, password: string): Promise<Response>;
}

export async function openDoor(databaseUrl: string): Promise<Door> {
  const config = UserConfig.read({ PORT: '0', HOST: '127.0.0.1', DATABASE_URL: databaseUrl });
  const spans = new InMemorySpanExporter();
  const lines: string[] = [];
  const telemetry = await Telemetry.start('user', tracingConfig({}), spans);
  const log = new JsonLog('user', 'debug', (line) => lines.push(line));
  const routes = new Set<string>();
  const service = await startService(noting(user(config), routes), telemetry, log);
  const documented = await Documented.at(service.url);
  return {
    service,
    spans,
    lines,
    documented,
    routes,
    send(method, path, body, type = 'application/json') {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const content = body === undefined ? {} : { headers: { 'content-type': type }, body: text };
      return documented.fetch(`${service.url}${path}`, { method, ...content });
    },
    login(username, password) {
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      return documented.fetch(`${service.url}/login`, { headers: { authorization } });
    },
  };
}
