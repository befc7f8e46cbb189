import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { randomUUID } from 'node:crypto';
import { OrdersConfig } from '../src/config.ts';
import { orders } from '../src/orders.module.ts';

/** Starts one instance of the service, on its own bus unless the variables name another. Can wait until it is ready. */
export async function startOrders(
  env: Record<string, string>,
  ready = true,
  service = new ServiceUnderTest(),
): Promise<ServiceUnderTest> {
  const config = OrdersConfig.read({
    ...FREE_PORT,
    RABBITMQ_URL: `memory:${randomUUID()}`,
    SWEEP_INTERVAL_MS: '600000',
    ...env,
  });
  await service.begin(orders(config), 'debug');
  return ready ? service.ready() : service;
}

export function placeOrder(
  service: ServiceUnderTest,
  body: unknown,
  key?: string,
): Promise<Response> {
  const headers = key === undefined ? {} : { 'idempotency-key': key };
  return service.send('POST', '/orders', body, headers);
}
