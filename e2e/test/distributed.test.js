import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import { everyServer } from '@sockshop/testing/real-servers';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { journey } from './journey.ts';
jest.setTimeout(120_000);
everyServer('the shop in separate processes, started in an unfavourable order', () => {
    let shop;
    beforeAll(async () => {
        shop = await DistributedShop.start(REAL_SERVERS);
    });
    afterAll(async () => {
        expect(await shop.stop()).toEqual(SERVICE_NAMES.map(() => 0));
    });
    journey(() => shop);
});
//# sourceMappingURL=distributed.test.js.map