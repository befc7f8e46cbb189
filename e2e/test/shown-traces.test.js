import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { zipkin } from '@sockshop/testing/real-servers';
import { randomBytes } from 'node:crypto';
import { EmbeddedShop } from './embedded-shop.ts';
import { isShipped } from './journey.ts';
import { links } from './service-map.ts';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
jest.setTimeout(120_000);
describe('traces shown from the store in the same process', () => {
    shownTraces(() => EmbeddedShop.start(), 'alone');
});
zipkin.suite('traces shown from a real Zipkin', () => {
    const env = { ZIPKIN: `${zipkin.url}/api/v2/spans`, TRACES_PUBLIC_URL: zipkin.url };
    shownTraces(() => EmbeddedShop.start({ env }), 'shared');
});
function shownTraces(start, store) {
    const customer = aCustomer(`watched-${randomBytes(3).toString('hex')}`);
    const traceId = randomBytes(16).toString('hex');
    const spanId = randomBytes(8).toString('hex');
    let shop;
    let shopper;
    let customerId;
    let placed;
    let orderId;
    beforeAll(async () => {
        shop = await start();
        shopper = new Shopper(shop.url);
        await shopper.get('/');
        customerId = await shopper.settled(customer, ADDRESS, CARD);
        await shopper.post('/cart', { id: SOCKS.classic.id });
        const traceparent = `00-${traceId}-${spanId}-01`;
        const startMs = Date.now();
        placed = await shopper.post('/orders', undefined, { traceparent });
        orderId = placed.body.id;
        const nanos = (ms) => `${ms}000000`;
        const call = {
            traceId,
            spanId,
            name: 'POST /orders',
            kind: 3,
            startTimeUnixNano: nanos(startMs),
            endTimeUnixNano: nanos(Date.now()),
            attributes: [{ key: 'http.request.method', value: { stringValue: 'POST' } }],
        };
        const resourceSpans = [{ scopeSpans: [{ spans: [call] }] }];
        const accepted = await shopper.post('/v1/traces', { resourceSpans });
        expect([placed.status, accepted.status]).toEqual([201, 200]);
        const waiting = new Shopper(shop.url); // in another visit: these would bury the others
        await waiting.logIn(customer.username, customer.password);
        await until(() => waiting.get(`/orders/${orderId}`), isShipped);
    });
    afterAll(async () => {
        await shop.stop();
    });
    const whole = (path) => until(() => shopper.get(path), ({ status, body }) => status === 200 &&
        new Set(body.spans.map(({ service }) => service)).size === 8 &&
        body.spans.some(({ name }) => name.startsWith('ack shipment-events')));
    it('show a shopper the order from the browser through the queue and back', async () => {
        const trace = (await whole(`/trace/mine/${traceId}`)).body;
        expect(trace.spans[0]).toMatchObject({
            id: spanId,
            service: 'storefront',
            name: 'POST /orders',
        });
        expect(trace.spans[1]).toMatchObject({ parentId: spanId, service: 'front-end' });
        const seen = new Set([undefined]);
        for (const { id, parentId } of trace.spans) {
            expect(seen).toContain(parentId);
            seen.add(id);
        }
        expect((await whole(`/trace/orders/${orderId}`)).body).toEqual(trace);
    });
    it('show a shopper only the traces of the visit, which begins at login', async () => {
        const { body } = await until(() => shopper.get('/trace/mine?limit=50'), ({ body }) => body.traces.some(({ name }) => name === 'POST /register'));
        const { traces } = body;
        expect(traces.map(({ name }) => name)).not.toContain('GET /');
        const ordered = traces.find((trace) => trace.traceId === traceId);
        expect(ordered).toMatchObject({ service: 'storefront', name: 'POST /orders', status: '201' });
        const stranger = new Shopper(shop.url);
        await stranger.get('/');
        expect((await stranger.get(`/trace/mine/${traceId}`)).status).toBe(404);
        expect((await stranger.get(`/trace/orders/${orderId}`)).status).toBe(204);
        const { body: theirs } = await until(() => stranger.get('/trace/mine'), ({ body }) => body.traces.length > 0);
        expect(theirs.traces.map(({ name }) => name)).toEqual(['GET /']);
    });
    it('contain no session, customer, address or client', async () => {
        const shown = await whole(`/observatory/api/traces/${traceId}`);
        const { body: traces } = await shopper.get('/observatory/api/traces?limit=100');
        const { body: traffic } = await shopper.get('/observatory/api/traffic');
        const text = JSON.stringify([shown.body, traces, traffic]);
        const secrets = [...shopper.secrets, customer.username, customerId, CARD.longNum, '127.0.0.1'];
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
        expect(text).not.toContain('session.id');
    });
    it('are found by service, name, duration and customer', async () => {
        const { pseudoId } = (await shopper.get('/trace/me')).body;
        const found = async (query) => {
            const { status, body } = await shopper.get(`/observatory/api/traces?${query}`);
            expect(status).toBe(200);
            return body.traces.map((trace) => trace.traceId);
        };
        for (const query of [
            'service=payment',
            'name=process%20shipping-task',
            'service=queue-master&minDurationMs=1000',
            `user=${pseudoId}&service=orders`,
            `user=${pseudoId}&sort=slowest`,
        ]) {
            expect([query, await found(`${query}&limit=100`)]).toEqual([
                query,
                expect.arrayContaining([traceId]),
            ]);
        }
        expect(await found('user=000000000000')).toEqual([]);
        expect(await found(`user=${pseudoId}&error=true`)).toEqual([]);
    });
    it('make the map of the traffic, and reading them does not change it', async () => {
        const { body } = await shopper.get('/observatory/api/traffic?windowS=300');
        const { edges, services, routes } = body;
        const drawn = edges.map(({ from, to }) => `${from} -> ${to}`);
        expect(drawn).toEqual(expect.arrayContaining([
            'storefront -> front-end',
            'front-end -> orders',
            'orders -> payment',
            'shipping -> queue',
            'queue -> queue-master',
        ]));
        expect(services).toContainEqual(expect.objectContaining({ name: 'queue', kind: 'broker' }));
        expect(services).toContainEqual(expect.objectContaining({ name: 'storefront', kind: 'browser' }));
        expect(routes).toContainEqual(expect.objectContaining({ service: 'orders', name: 'POST /orders' }));
        expect(routes.filter(({ name }) => /trace|observatory/.test(name))).toEqual([]);
        if (store === 'alone') {
            const map = await links(shop.tracesUrl, Date.now(), 300_000);
            const zipkins = map.map(({ parent, child }) => `${parent} -> ${child}`);
            expect(drawn.sort()).toEqual(zipkins.sort());
        }
    });
    it('show an original service that sends Zipkin v1 or OTLP', async () => {
        const endpoint = { serviceName: 'original-carts', ipv4: '10.1.2.3', port: 80 };
        const timestamp = Date.now() * 1000;
        const v1 = {
            traceId: randomBytes(8).toString('hex'),
            id: randomBytes(8).toString('hex'),
            name: 'http:/carts',
            timestamp,
            duration: 5000,
            annotations: [
                { timestamp, value: 'sr', endpoint },
                { timestamp: timestamp + 5000, value: 'ss', endpoint },
            ],
            binaryAnnotations: [{ key: 'http.method', value: 'GET', endpoint }],
        };
        const otlp = {
            traceId: randomBytes(16).toString('hex'),
            spanId: randomBytes(8).toString('hex'),
            name: 'GET /agent',
            kind: 2,
            startTimeUnixNano: `${timestamp}000`,
            endTimeUnixNano: `${timestamp + 5000}000`,
        };
        const service = { key: 'service.name', value: { stringValue: 'original-agent' } };
        const resourceSpans = [
            { resource: { attributes: [service] }, scopeSpans: [{ spans: [otlp] }] },
        ];
        const zipkinUrl = store === 'alone' ? shop.tracesUrl : zipkin.url;
        const send = (path, body) => fetch(zipkinUrl + path, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
        });
        expect((await send('/api/v1/spans', [v1])).status).toBe(202);
        const expected = ['original-carts'];
        if (store === 'alone') {
            expect((await send('/v1/traces', { resourceSpans })).status).toBe(200); // a real Zipkin has no OTLP
            expected.push('original-agent');
        }
        const shown = ({ body }) => body.services.map(({ name }) => name);
        const answer = await until(() => shopper.get('/observatory/api/traffic?windowS=300'), (found) => expected.every((name) => shown(found).includes(name)));
        expect(shown(answer)).toEqual(expect.arrayContaining(expected));
    });
    it("lead to Zipkin when there is one; otherwise Zipkin's port leads here", async () => {
        const { body: drawer } = await shopper.get('/trace/config');
        const { body: config } = await shopper.get('/observatory/api/config');
        const link = store === 'shared' ? { zipkinUrl: zipkin.url } : {};
        expect([drawer, config]).toEqual([
            { drawer: true, ...link },
            { version: '1.0.0', ...link },
        ]);
        const home = await fetch(`${shop.tracesUrl}/`, { redirect: 'manual' });
        const { port } = new URL(shop.url);
        expect([home.status, home.headers.get('location')]).toEqual([
            302,
            `http://127.0.0.1:${port}/observatory`,
        ]);
    });
}
//# sourceMappingURL=shown-traces.test.js.map