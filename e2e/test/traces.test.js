import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SERVICE_NAMES, SERVICES } from '@sockshop/parts';
import { basic, until } from '@sockshop/testing';
import { everyServer, zipkin } from '@sockshop/testing/real-servers';
import { readSpansOfText, unexplainedTimes } from '@sockshop/trace';
import { JOURNEYS, recordedRun, verdictOn } from '@sockshop/trace-shapes';
import { randomBytes } from 'node:crypto';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { EmbeddedShop } from './embedded-shop.ts';
import { exemplarsOf } from './exemplars.ts';
import { isShipped } from './journey.ts';
import { tracedLines } from './log-lines.ts';
import { figuresOfMetrics, figuresOfSpans, since } from './request-figures.ts';
import { CALLS, callsServed, callsTo, CONNECTED, isBroker, links, zipkinLinks, } from './service-map.ts';
import { ADDRESS, aCustomer, Shopper, SOCKS } from './shopper.ts';
import { schemaProblems } from './span-schema.ts';
import { allTraces, isStore, placeOf, problemsOf, timeProblems, traceOf, wholeTrace, } from './spans.ts';
jest.setTimeout(120_000);
/** The edges of the service map, whichever way the shop runs. */
const EDGES = CALLS.map((call) => call.join(' -> '));
const messageEdges = (broker) => [
    `shipping -> ${broker}`,
    `${broker} -> queue-master`,
    `queue-master -> ${broker}`,
    `${broker} -> orders`,
];
const DATABASE_EDGES = SERVICES.filter(({ database }) => database).map(({ name }) => `${name} -> ${name}-db`);
/** Each trace has its query, however soon the same sock was asked for. */
const NOTHING_KEPT = { CACHE_MS: '0' };
describe('traces of the shop in one process', () => {
    tracesOf(() => EmbeddedShop.start({ env: NOTHING_KEPT }), [...EDGES, ...messageEdges('queue')]);
});
everyServer('traces of the shop in separate processes', () => {
    const edges = [...EDGES, ...messageEdges('rabbitmq'), ...DATABASE_EDGES];
    tracesOf(() => DistributedShop.start(REAL_SERVERS, NOTHING_KEPT), edges);
});
function tracesOf(start, edges) {
    /** Of each kind of span of a journey, the shortest time in a round that nothing explains. */
    const unexplainedMs = new Map();
    const run = randomBytes(4).toString('hex');
    const customer = aCustomer(`canary-${run}`);
    const card = { longNum: '4929876543210987', expires: '09/34', ccv: '864' };
    const address = { ...ADDRESS, street: `Canary Row ${run}` };
    let shop;
    let shopper;
    let startedMs;
    let callsBefore;
    let callsAfter;
    let figures;
    const answers = [];
    const added = [];
    const orders = [];
    let traces;
    const order = async (...socks) => {
        for (const { id } of socks)
            added.push(await shopper.post('/cart', { id }));
        const placed = await shopper.post('/orders');
        expect(placed.status).toBe(201);
        orders.push(placed);
        const { id } = placed.body;
        answers.push(await until(() => noted(shopper.get(`/orders/${id}`)), isShipped));
    };
    const noted = async (answer) => {
        answers.push(await answer);
        return answer;
    };
    beforeAll(async () => {
        shop = await start();
        callsBefore = await callsServed(shop);
        const figuresBefore = await figuresOfMetrics(shop);
        startedMs = Date.now();
        shopper = new Shopper(shop.url);
        await noted(shopper.get('/'));
        await noted(shopper.get('/catalogue?size=5'));
        await noted(shopper.post('/cart', { id: SOCKS.classic.id }));
        await noted(shopper.post('/register', customer));
        await noted(shopper.post('/addresses', address));
        await noted(shopper.post('/cards', card));
        await noted(shopper.get('/cart'));
        await noted(shopper.delete('/cart'));
        await order(SOCKS.classic);
        await order(SOCKS.classic, SOCKS.nerd, SOCKS.figueroa, SOCKS.nerd);
        await order(SOCKS.nerd);
        await noted(shopper.get('/orders'));
        await noted(shopper.post('/logout'));
        await noted(shopper.logIn(customer.username, customer.password));
        callsAfter = await callsServed(shop);
        figures = since(figuresBefore, await figuresOfMetrics(shop));
        const all = new Set([...answers, ...added, ...orders].map(({ traceId }) => traceId));
        traces = await Promise.all([...all].map((traceId) => wholeTrace(shop, traceId)));
    });
    afterAll(async () => {
        await shop.stop();
    });
    it('each POST /cart is one trace, in the shape of its golden file', async () => {
        for (const { traceId } of added) {
            const rounds = [[await wholeTrace(shop, traceId)]];
            expect(verdictOn({ journey: 'add-to-cart', rounds }).differences).toEqual([]);
        }
    });
    it.each([1, 3])('POST /orders is one trace from the front-end through the queue and back, in the shape of its golden file: a cart of %d', async (lines) => {
        const placed = orders.find(({ body }) => body.items.length === lines);
        const trace = await wholeTrace(shop, placed.traceId);
        expect(verdictOn({ journey: 'order', rounds: [[trace]] }).differences).toEqual([]);
        const services = new Set(trace.map(({ localEndpoint }) => localEndpoint.serviceName));
        const expected = CONNECTED.filter((name) => name !== 'catalogue');
        expect([...services].sort()).toEqual([...expected].sort());
    });
    it('an order has as many spans with three lines as with one', async () => {
        const [, ...later] = orders; // a customer's first order has a step more: it makes the row that keeps the place in the line
        const sizes = later.map(async ({ traceId }) => (await wholeTrace(shop, traceId)).length);
        const [three, one] = await Promise.all(sizes);
        expect(three).toBe(one);
    });
    it('every trace begins with a request to the front-end and is complete', async () => {
        const all = await allTraces(shop, startedMs);
        expect(all.flatMap(problemsOf)).toEqual([]);
        const roots = all.map((trace) => trace.find(({ parentId }) => parentId === undefined));
        const where = new Set(roots.map(({ localEndpoint, kind }) => `${kind} ${localEndpoint.serviceName}`));
        expect([...where]).toEqual(['SERVER front-end']);
        const ids = new Set(all.map(([span]) => span.traceId));
        expect(traces.filter(([span]) => !ids.has(span.traceId))).toEqual([]);
    });
    it('what a span caused lies within it, but for the work of consumers', async () => {
        const all = await allTraces(shop, startedMs);
        expect(all.flatMap(timeProblems)).toEqual([]);
    });
    it('requests, their outcomes and their time are the same in spans and metrics', async () => {
        const spans = figuresOfSpans((await allTraces(shop, startedMs)).flat());
        const counts = (of) => [...of].map(([key, { count }]) => `${key}: ${count}`).sort();
        expect(counts(spans)).toEqual(counts(figures));
        for (const [key, { count, seconds }] of spans) {
            const apart = Math.abs(seconds - figures.get(key).seconds) / count;
            expect([key, apart < APART_S ? 'close' : apart]).toEqual([key, 'close']);
        }
    });
    it('twenty exemplars of the metrics lead to a span of their service in a trace that exists', async () => {
        const all = (await allTraces(shop, startedMs)).flat();
        const places = new Set(all.map(placeOf));
        const found = await exemplarsOf(shop);
        const since = found.filter(({ timeMs }) => timeMs >= startedMs).slice(0, 20);
        expect(since).toHaveLength(20);
        expect(since.filter(({ place }) => !places.has(place))).toEqual([]);
    });
    it('each log line with the id of a span belongs to that span of its service', async () => {
        const spans = (await allTraces(shop, startedMs)).flat();
        const places = new Set(spans.map(({ traceId, id, localEndpoint }) => `${traceId} ${id} ${localEndpoint.serviceName}`));
        const ids = new Set(spans.map(({ traceId }) => traceId));
        const lines = tracedLines(shop.log()).filter(({ trace_id }) => ids.has(trace_id));
        expect(lines.length).toBeGreaterThan(orders.length);
        expect(lines.filter((line) => !places.has(`${line.trace_id} ${line.span_id} ${line.service}`))).toEqual([]);
    });
    it('span names are few and contain no ids', () => {
        const names = new Set(traces.flat().map(({ name }) => name));
        expect([...names].filter((name) => /\d{3}|[0-9a-f]{8}/.test(name))).toEqual([]);
        expect([...names].filter((name) => name !== name.toLowerCase())).toEqual([]);
        expect(names.size).toBeLessThan(60);
    });
    it('spans of stores are calls only where there is a database server', () => {
        const stores = traces.flat().filter(isStore);
        const kinds = new Set(stores.map(({ kind, tags }) => `${tags['db.system.name']} ${kind ?? 'INTERNAL'}`));
        const real = edges.includes('carts -> carts-db');
        expect([...kinds].sort()).toEqual(real ? ['mongodb CLIENT', 'mysql CLIENT'] : ['sqlite INTERNAL']);
    });
    it('no span, log line or metric contains a password, a session, a card number, an e-mail or a street', async () => {
        const metrics = SERVICE_NAMES.map(async (name) => (await fetch(`${shop.urls[name]}/metrics`)).text());
        const text = JSON.stringify(traces) + shop.log() + (await Promise.all(metrics)).join();
        const secrets = [
            ...shopper.secrets,
            ...[...shopper.secrets].map(encodeURIComponent),
            customer.password,
            encodeURIComponent(customer.password),
            basic(customer.username, customer.password).slice('Basic '.length),
            customer.email,
            card.longNum,
            address.street,
        ];
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
        expect(shopper.secrets.size).toBeGreaterThan(2);
    });
    it('the service map has the declared edges, each with as many calls as its server counted and no error', async () => {
        const maps = [
            ...(shop instanceof EmbeddedShop
                ? [await links(shop.tracesUrl, Date.now(), Date.now() - startedMs)]
                : []),
            ...(zipkin.suite === describe ? [await zipkinLinks(zipkin.url, traces)] : []),
        ];
        const served = SERVICE_NAMES.filter((name) => name !== 'front-end' && name !== 'queue-master');
        const calls = served.map((name) => [name, callsAfter[name] - callsBefore[name]]);
        for (const map of maps) {
            const drawn = map.map(({ parent, child }) => `${parent} -> ${child}`);
            expect(drawn.sort()).toEqual([...edges].sort());
            expect(map.filter(({ errorCount }) => errorCount)).toEqual([]);
            expect(served.map((name) => [name, callsTo(map, name)])).toEqual(calls);
            const messages = map.filter(({ parent, child }) => isBroker(parent) || isBroker(child));
            expect(messages.map(({ callCount }) => callCount)).toEqual(Array(4).fill(orders.length));
        }
        expect(maps.length).toBeGreaterThan(0);
    });
    it('an unsampled order sends no span, and its trace id still reaches the other end of the queue', async () => {
        const traceId = randomBytes(16).toString('hex');
        const b3 = `${traceId}-${randomBytes(8).toString('hex')}-0`;
        await shopper.post('/cart', { id: SOCKS.nerd.id });
        const placed = await shopper.post('/orders', undefined, { b3 });
        expect([placed.status, placed.traceId]).toEqual([201, '']); // none that could be found
        const { id } = placed.body;
        await until(() => shopper.get(`/orders/${id}`), isShipped);
        const logged = await until(() => tracedLines(shop.log()).filter(({ trace_id }) => trace_id === traceId), (lines) => ['checkout answered', 'ordered lines taken', 'order shipped'].every((text) => lines.some(({ message }) => message === text)));
        expect(new Set(logged.map(({ service }) => service))).toEqual(new Set(['front-end', 'orders', 'payment', 'carts', 'shipping', 'queue-master']));
        await order(SOCKS.nerd); // a later one, whose spans are sent
        await wholeTrace(shop, orders.pop().traceId);
        expect(await traceOf(shop, traceId)).toEqual([]);
    });
    // Last, as the service map above counts each call.
    it.each(JOURNEYS.map((journey) => [journey.name, journey]))('the traces of the journey %s have the shape of its golden file', async (name, journey) => {
        const [recorded] = await recordedRun(shop, [journey], { waitMs: 0, times: ROUNDS });
        expect(verdictOn(recorded).differences).toEqual([]);
        for (const spans of recorded.rounds.map((round) => round.flat())) {
            for (const { span, longestUs } of unexplainedTimes(await readSpansOfText(JSON.stringify(spans)))) {
                const key = `${name}: ${span.service} ${span.kind} ${span.name}`;
                unexplainedMs.set(key, Math.min(longestUs / 1000, unexplainedMs.get(key) ?? Infinity));
            }
        }
    });
    it('no span of these journeys has a longer time that nothing explains than docs/tracing.md says', () => {
        const journeys = new Set([...unexplainedMs.keys()].map((key) => key.split(':')[0]));
        expect(journeys).toEqual(new Set(JOURNEYS.map(({ name }) => name)));
        expect([...unexplainedMs].filter(([, ms]) => ms > UNEXPLAINED_MS)).toEqual([]);
    });
    it('every span of these journeys has the attributes, name and status of its kind, and no others', async () => {
        const spans = (await allTraces(shop, startedMs)).flat();
        expect([...new Set(spans.flatMap(schemaProblems))]).toEqual([]);
    });
}
/** How often each journey is done: a busy machine may stop a process once, and what a span does not explain is there each time. */
const ROUNDS = 5;
/** Less than the hash of a password takes. */
const UNEXPLAINED_MS = 50;
/** By how much a span and a metric of one request may differ: a busy machine may stop a process between the two looks at the clock. */
const APART_S = 0.1;
//# sourceMappingURL=traces.test.js.map