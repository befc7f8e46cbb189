import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { JsonLog, startService } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { randomUUID } from 'node:crypto';
import { Documented, noting, until } from '@sockshop/testing';
import { OrdersConfig } from '../src/config.ts';
import { orders } from '../src/orders.module.ts';

export type RunningOrders = Awaited<ReturnType<typeof startOrders>>;

/** One instance of the service on a free port, with its spans and log lines; ready unless told not to wait for that. */
export async function startOrders(env: Record<string, string>, ready = true) {
  const spans = new InMemorySpanExporter();
  const lines: string[] = [];
  const telemetry = await Telemetry.start('orders', tracingConfig({}), spans);
  const config = OrdersConfig.read({
    PORT: '0',
    HOST: '127.0.0.1',
    RABBITMQ_URL: `memory:${randomUUID()}`,
    SWEEP_INTERVAL_MS: '600000',
    ...env,
  });
  const log = new JsonLog('orders', 'debug', (line) => lines.push(line));
  const routes = new Set<string>();
  const service = await startService(noting(orders(config), routes), telemetry, log);
  const documented = await Documented.at(service.url);
  if (ready) await until(async () => (await fetch(`${service.url}/readyz`)).status === 200);
  const send = (
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<Response> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const content = { headers: { 'content-type': 'application/json', ...headers }, body: text };
    return documented.fetch(`${service.url}${path}`, {
      method,
      headers,
      ...(body !== undefined && content),
    });
  };
  return {
    url: service.url,
    close: () => service.close(),
    spans,
    lines,
    documented,
    /** What the router has. */
    routes,
    send,
    place: (body: unknown, key?: string): Promise<Response> =>
      send('POST', '/orders', {
        body,
        headers: key === undefined ? {} : { 'idempotency-key': key },
      }),
  };
}
