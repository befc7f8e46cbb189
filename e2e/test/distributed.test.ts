import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import { DistributedShop, realServers } from './distributed-shop.ts';
import { journey } from './journey.ts';

jest.setTimeout(120_000);

const servers = realServers();
const withServers = servers ? describe : describe.skip;

withServers('the shop in processes of their own, started in an unfavourable order', () => {
  let shop: DistributedShop;
  beforeAll(async () => {
    shop = await DistributedShop.start(servers!);
  });
  afterAll(async () => {
    expect(await shop.stop()).toEqual(SERVICE_NAMES.map(() => 0));
  });

  journey(() => shop);
});
