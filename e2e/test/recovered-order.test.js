import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { everyServer } from '@sockshop/testing/real-servers';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { aCustomer, ADDRESS, CARD, Shopper, SOCKS } from './shopper.ts';
import { allTraces, problemsOf, traceOf } from './spans.ts';
jest.setTimeout(240_000);
everyServer('an order whose process is killed with SIGKILL during checkout', () => {
    let shop;
    beforeAll(async () => {
        shop = await DistributedShop.start(REAL_SERVERS, {
            SWEEP_INTERVAL_MS: '200',
            SWEEP_AFTER_MS: '500',
        });
    });
    afterAll(() => shop.stop());
    it('is shipped by the sweep, in one new trace that is linked to its creation', async () => {
        const began = Date.now();
        const shopper = new Shopper(shop.url);
        await shopper.settled(aCustomer('eve'), ADDRESS, CARD);
        await shopper.post('/cart', { id: SOCKS.figueroa.id });
        await shop.takeAway('shipping', 'hanging');
        const answer = shopper.post('/orders');
        await until(() => shop.log().includes('"message":"order paid"'));
        await shop.kill('orders');
        const { status, traceId } = await answer;
        expect(status).toBe(503);
        await shop.takeAway('shipping', 'refused'); // what it has not read yet is lost
        await shop.restart('orders');
        await shop.bringBack('shipping', 'refused');
        await shop.bringBack('shipping', 'hanging');
        const { body } = await until(() => shopper.get('/orders'), (list) => list.body[0]?.status === 'SHIPPED');
        const [order, ...others] = body;
        expect(others).toEqual([]);
        const sweeps = async () => (await allTraces(shop, began)).filter((trace) => trace.some(({ name }) => name === 'recover orders'));
        const complete = await until(sweeps, (traces) => {
            const [last] = traces.filter((trace) => trace.some(({ kind }) => kind === 'CONSUMER'));
            return last !== undefined && problemsOf(last).length === 0;
        });
        const shipped = complete.filter((trace) => trace.some(({ kind }) => kind === 'PRODUCER'));
        expect(shipped).toHaveLength(1);
        const [trace = []] = shipped;
        const root = trace.find(({ parentId }) => parentId === undefined);
        const recovered = trace.find(({ name }) => name === 'recover order');
        expect([root?.name, recovered?.parentId]).toEqual(['recover orders', root?.id]);
        expect(order?._links.self.href).toContain(recovered.tags['sockshop.order.id']);
        const services = new Set(trace.map(({ localEndpoint }) => localEndpoint.serviceName));
        expect([...services].sort()).toEqual(['carts', 'orders', 'queue-master', 'shipping']);
        // The SERVER span of the killed process is lost, but front-end's call of it is known.
        const link = recovered?.tags?.['otlp.link.0']?.split('|');
        expect(link?.[0]).toBe(traceId);
        const created = await traceOf(shop, traceId);
        const lost = new Set(created.map(({ parentId }) => parentId));
        expect(lost).toContain(link?.[1]);
        expect(created.map(({ id }) => id)).not.toContain(link?.[1]);
    });
});
//# sourceMappingURL=recovered-order.test.js.map