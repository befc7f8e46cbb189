import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { wholeTrace } from '@sockshop/measure';
import { everyServer } from '@sockshop/testing/real-servers';
import { until } from '@sockshop/testing';
import { recovery, verdictOn } from '@sockshop/trace-shapes';
import { randomBytes } from 'node:crypto';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
jest.setTimeout(120_000);
everyServer('traces of an order while RabbitMQ is unavailable', () => {
    let shop;
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
        const { id } = placed.body;
        const recovered = [[await recovery(shop.tracesUrl, id)]];
        expect(verdictOn({ journey: 'order-queue-down', rounds: down }).differences).toEqual([]);
        expect(verdictOn({ journey: 'order-recovered', rounds: recovered }).differences).toEqual([]);
        // A fallback worked: the errors end at the call of shipping, and the order is accepted.
        const { origins, marked } = failureIn(down[0][0]);
        expect(origins).toEqual(['shipping']);
        expect(marked).toEqual(['orders CLIENT', 'shipping PRODUCER', 'shipping SERVER']);
    });
});
everyServer('the trace of a request that fails', () => {
    let shop;
    beforeAll(async () => {
        shop = await DistributedShop.start(REAL_SERVERS);
    });
    afterAll(() => shop.stop());
    it.each(['MongoDB', 'user'])('has its errors from the edge to the part that failed, and on no other span: %s', async (part) => {
        const shopper = new Shopper(shop.url);
        await shopper.registered(aCustomer(`failing-${randomBytes(4).toString('hex')}`));
        await shop.takeAway(part, 'refused');
        const answer = await until(() => shopper.get('/addresses'), ({ status }) => status === 503);
        await shop.bringBack(part, 'refused');
        const trace = await wholeTrace(shop.tracesUrl, answer.traceId);
        const { origins, marked } = failureIn(trace);
        expect(origins).toEqual([part === 'user' ? 'front-end' : 'user']);
        expect(new Set(marked)).toEqual(new Set([
            'front-end SERVER',
            'front-end CLIENT',
            ...(part === 'user' ? [] : ['user SERVER']),
        ]));
    });
});
/** The services of failed spans below which no span failed, and all failed spans. */
function failureIn(trace) {
    const failed = trace.filter(({ tags }) => tags?.['otel.status_code'] === 'ERROR');
    const parents = new Set(failed.map(({ parentId }) => parentId));
    const origins = failed.filter(({ id }) => !parents.has(id));
    return {
        origins: [...new Set(origins.map(({ localEndpoint }) => localEndpoint.serviceName))],
        marked: failed
            .map(({ localEndpoint, kind }) => `${localEndpoint.serviceName} ${kind ?? 'INTERNAL'}`)
            .sort(),
    };
}
//# sourceMappingURL=outage-traces.test.js.map