import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_EVENTS_TOPOLOGY, SHIPMENT_SHIPPED } from '@sockshop/queues';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { Telemetry } from '@sockshop/telemetry';
import { until } from '@sockshop/testing';
import { randomUUID } from 'node:crypto';
import { Instances, SOCK, SWEEPING } from './instances.ts';
import type { Order } from '../src/order.ts';
import { placeOrder } from './running-orders.ts';

describe('GET /metrics of orders', () => {
  const instances = new Instances();
  const { shop } = instances;
  beforeAll(() => shop.listen());
  beforeEach(() => instances.open('sqlite::memory:'));
  afterEach(() => instances.close());
  afterAll(() => shop.close());

  const shown = async (service: ServiceUnderTest): Promise<Record<string, number>> => {
    const text = await (await service.send('GET', '/metrics')).text();
    const lines = text.split('\n').filter((line) => line.startsWith('sockshop_order_'));
    return Object.fromEntries(
      lines.map((line) => [
        line.slice('sockshop_order_'.length, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' '))),
      ]),
    );
  };
  const steps = (counts: Partial<Record<string, number>>) =>
    Object.fromEntries(
      ['CREATED', 'PAID', 'SHIPPING', 'SHIPPED', 'PAYMENT_FAILED', 'CANCELLED'].map((status) => [
        `transitions_total{status="${status}"}`,
        counts[status] ?? 0,
      ]),
    );

  it('counts nothing, but each status, before the first order', async () => {
    expect(await shown(await instances.start())).toEqual({
      ...steps({}),
      revenue_dollars_total: 0,
      unfinished: 0,
    });
  });

  it('counts each step of an order once, and its total when it is paid', async () => {
    const busUrl = `memory:${randomUUID()}`;
    const service = await instances.start({ RABBITMQ_URL: busUrl });
    const placed = (await (await placeOrder(service, shop.customer(SOCK).request)).json()) as Order;
    const counts = { CREATED: 1, PAID: 1, SHIPPING: 1 };
    const money = { revenue_dollars_total: placed.total, unfinished: 0 };
    expect(await shown(service)).toEqual({ ...steps(counts), ...money });
    const queueMaster = await MessageBus.open(busUrl, await Telemetry.start('queue-master'), {
      topology: { exchanges: SHIPMENT_EVENTS_TOPOLOGY.exchanges },
      log: { log: () => undefined, warn: () => undefined, error: () => undefined },
    });
    for (let times = 0; times < 2; times += 1)
      await queueMaster.publish(SHIPMENT_SHIPPED, { body: placed.shipment });
    const waits = 'sockshop_message_wait_duration_seconds_count{';
    await until(async () =>
      (await (await service.send('GET', '/metrics')).text())
        .split('\n')
        .some((line) => line.startsWith(waits) && line.endsWith(' 2')),
    );
    await queueMaster.close();
    expect(await shown(service)).toEqual({ ...steps({ ...counts, SHIPPED: 1 }), ...money });
  });

  it('counts what was declined and what was cancelled, without revenue', async () => {
    const service = await instances.start();
    await placeOrder(service, shop.customer({ ...SOCK, quantity: 9 }).request);
    shop.payment.instead = () => ({ status: 500 });
    await placeOrder(service, shop.customer(SOCK).request);
    expect(await shown(service)).toEqual({
      ...steps({ CREATED: 2, PAYMENT_FAILED: 1, CANCELLED: 1 }),
      revenue_dollars_total: 0,
      unfinished: 0,
    });
  });

  it('shows an order as unfinished from the first sweep that cannot finish it until one does', async () => {
    const service = await instances.start(SWEEPING);
    shop.shipping.instead = () => ({ status: 500 });
    await placeOrder(service, shop.customer(SOCK).request);
    await until(async () => (await shown(service))['unfinished'] === 1);
    shop.shipping.instead = undefined;
    await until(async () => (await shown(service))['unfinished'] === 0);
    expect(await shown(service)).toMatchObject(steps({ CREATED: 1, PAID: 1, SHIPPING: 1 }));
  });
});
