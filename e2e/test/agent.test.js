import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { until } from '@sockshop/testing';
import { everyServer } from '@sockshop/testing/real-servers';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { aFolder } from './embedded-shop.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
jest.setTimeout(240_000);
const PRELOAD = join(import.meta.dirname, 'agent-preload.cjs');
everyServer('the shop with an OpenTelemetry agent preloaded', () => {
    const folder = aFolder();
    let shop;
    let order;
    let catalogue;
    const traceOf = (traceId) => readdirSync(folder)
        .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean))
        .map((line) => JSON.parse(line))
        .filter((span) => span.traceId === traceId);
    const whole = (traceId, isWhole) => until(() => Promise.resolve(traceOf(traceId)), isWhole);
    const hasRoot = (trace) => trace.some(({ parentId }) => parentId === undefined);
    beforeAll(async () => {
        shop = await DistributedShop.start(REAL_SERVERS, {
            NODE_OPTIONS: `--require ${PRELOAD}`,
            AGENT_SPANS: folder,
        });
        const shopper = new Shopper(shop.url);
        await shopper.settled(aCustomer('agent'), ADDRESS, CARD);
        await shopper.post('/cart', { id: SOCKS.nerd.id });
        const { status, traceId } = await shopper.post('/orders', {});
        expect(status).toBe(201);
        const shipped = ({ name }) => name.startsWith('ack shipment-events');
        order = await whole(traceId, (trace) => trace.some(shipped) && hasRoot(trace));
        catalogue = await whole((await shopper.get('/catalogue')).traceId, hasRoot);
    });
    afterAll(async () => {
        await shop.stop();
        rmSync(folder, { recursive: true });
    });
    it('has one whole trace of an order, over HTTP, databases and the queue', () => {
        const ids = new Set(order.map(({ id }) => id));
        const loose = order.filter(({ parentId }) => parentId === undefined || !ids.has(parentId));
        expect(loose.map(({ service, name }) => `${service} ${name}`)).toEqual([
            'front-end POST /orders',
        ]);
        const services = [
            'carts',
            'front-end',
            'orders',
            'payment',
            'queue-master',
            'shipping',
            'user',
        ];
        expect([...new Set(order.map(({ service }) => service))].sort()).toEqual(services);
    });
    it('has no operation twice: each call has one server, each message one consumer', () => {
        const pairs = [
            [SpanKind.SERVER, SpanKind.CLIENT],
            [SpanKind.CONSUMER, SpanKind.PRODUCER],
        ];
        for (const [inner, outer] of pairs) {
            const callers = order.filter(({ kind, attributes }) => {
                return kind === outer && (outer !== SpanKind.CLIENT || 'http.request.method' in attributes);
            });
            const called = order.filter(({ kind, parentId }) => kind === inner && parentId !== undefined);
            expect(called.map(({ parentId }) => parentId).sort()).toEqual(callers.map(({ id }) => id).sort());
            expect(new Set(callers.map(({ scope }) => scope))).toEqual(new Set(['@sockshop/tracing']));
        }
    });
    it('has the route, the status and the name of ours on the agent’s own span of a request', () => {
        const root = order.find(({ parentId }) => parentId === undefined);
        expect(root).toMatchObject({
            name: 'POST /orders',
            scope: '@opentelemetry/instrumentation-http',
            attributes: { 'http.route': '/orders', 'http.response.status_code': 201 },
        });
    });
    it('has each query once, by the agent where it has wrapped the driver', () => {
        const queries = catalogue.filter(({ attributes }) => attributes['db.system.name'] === 'mysql');
        expect(queries.map(({ scope }) => scope)).toEqual(['@opentelemetry/instrumentation-mysql2']);
        const finds = order.filter(({ attributes }) => attributes['db.system.name'] === 'mongodb');
        const scopes = new Set(finds.map(({ scope }) => scope));
        expect(scopes).toEqual(new Set(['@opentelemetry/instrumentation-mongodb']));
    });
    it('says so in the log of each service', () => {
        const line = 'spans join the traces of the agent that was loaded before';
        expect(shop.log().split(line)).toHaveLength(8 + 1);
    });
});
//# sourceMappingURL=agent.test.js.map