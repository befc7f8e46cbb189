import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { wholeTrace } from '@sockshop/measure';
import { everyServer } from '@sockshop/testing/real-servers';
import { recovery, verdictOn } from '@sockshop/trace-shapes';
import { randomBytes } from 'node:crypto';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';

jest.setTimeout(120_000);

everyServer('traces of an order while RabbitMQ is unavailable', () => {
  let shop: DistributedShop;

  beforeAll(async () => {
    shop = await DistributedShop.start(REAL_SERVERS, { SWEEP_INTERVAL_MS: '500' });
  });
  afterAll(async () => {
    await shop.stop();
  });

  it('the order and its recovery have the shapes of their golden files', async () => {
    const shopper = new Shopper(shop.url);
    const customer = aCustomer(`outage-${randomBytes(4).toString('hex')}`);
    await shopper.settled(customer, ADDRESS, CARD);
    await shopper.post('/cart', { id: SOCKS.classic.id });
    await shop.takeAway('RabbitMQ', 'refused');
    const placed = await shopper.post('/orders');
    const down = [[await wholeTrace(shop.tracesUrl, placed.traceId)]];
    await shop.bringBack('RabbitMQ', 'refused');
    const { id } = placed.body as { id: string };
    const recovered = [[await recovery(shop.tracesUrl, id)]];
    expect(verdictOn({ journey: 'order-queue-down', rounds: down }).differences).toEqual([]);
    expect(verdictOn({ journey: 'order-recovered', rounds: recovered }).differences).toEqual([]);
  });
});
