import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { DistributedShop, realServers } from './distributed-shop.ts';
import { journey } from './journey.ts';

jest.setTimeout(120_000);

const servers = realServers();
const withServers = servers ? describe : describe.skip;

withServers('the shop in eight processes, started in an unfavourable order', () => {
  let shop: DistributedShop;
  beforeAll(async () => {
    shop = await DistributedShop.start(servers!);
  });
  afterAll(async () => {
    expect(await shop.stop()).toEqual(Array(8).fill(0));
  });

  journey(() => shop);
});
