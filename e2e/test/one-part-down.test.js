import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import { StandIn, until } from '@sockshop/testing';
import { everyServer } from '@sockshop/testing/real-servers';
import { DistributedShop, REAL_SERVERS } from './distributed-shop.ts';
import { aRegular, everyRoute, idOf } from './every-route.ts';
import { isShipped } from './journey.ts';
import { readMatrix } from './part-matrix.ts';
import { Shopper } from './shopper.ts';
jest.setTimeout(120_000);
const MATRIX = readMatrix();
const PARTS = [...MATRIX[0].answers.keys()]; // each is made unavailable below
const OUTAGES = ['refused', 'hanging'];
/** The time that a busy machine may add to a deadline. */
const MARGIN_MS = 3000;
/** Simultaneous requests that must answer as usual: more would miss the deadlines on a busy machine. */
const AT_A_TIME = 8;
const AS_USUAL = '·';
const UNTRACED = 'GET /catalogue/images/:file';
everyServer('the shop with one part down', () => {
    /** Replaces Zipkin: no test reads these thousands of spans, and the other suites' Zipkin need not keep them. */
    let collector;
    let shop;
    let regular;
    const placed = new Set();
    beforeAll(async () => {
        collector = await StandIn.start(() => ({ status: 202 }));
        // The sweep takes up unfinished orders sooner than by default: no call here takes longer.
        const sweep = { SWEEP_AFTER_MS: '5000', SWEEP_INTERVAL_MS: '500' };
        // The defaults, as in the table.
        const deadlines = {
            UPSTREAM_TIMEOUT_MS: '2000',
            ORDER_TIMEOUT_MS: '8000',
            LOGIN_TIMEOUT_MS: '20000',
        };
        const settings = { ...sweep, ...deadlines };
        shop = await DistributedShop.start({ ...REAL_SERVERS, zipkin: collector.url }, settings);
        regular = await aRegular(shop.url);
    });
    afterAll(async () => {
        expect(await shop.stop()).toEqual(SERVICE_NAMES.map(() => 0));
        await collector.close();
    });
    /** The result in the table's form. */
    async function ask(request) {
        const { route, usual } = request;
        const signal = AbortSignal.timeout(rowOf(route).deadlineMs + MARGIN_MS);
        const answer = await request.send(signal).catch((error) => String(error));
        if (typeof answer === 'string')
            return answer;
        if (route === 'POST /orders' && answer.status === 201)
            placed.add(idOf(answer.body));
        return answer.status === usual ? AS_USUAL : refusal(request, answer);
    }
    /** Runs all `requests`, a limited number at a time. */
    async function askAll(requests, atATime, askOne = ask) {
        const outcomes = [];
        const waiting = requests.values();
        const askOn = async () => {
            for (const request of waiting)
                outcomes.push([request, await askOne(request)]);
        };
        await Promise.all(Array.from({ length: atATime }, askOn));
        return outcomes;
    }
    /** catalogue serves the answers of the last second from memory when its database is lost. */
    function askOnceForgotten(request) {
        return until(() => ask(request), (outcome) => outcome !== AS_USUAL);
    }
    /** A circuit that opened for the previous part may still be open. */
    function prepared() {
        const all = (requests) => requests.length > 0;
        return until(() => everyRoute(shop.url, regular), all);
    }
    /** Repeats until the answer is as usual, or shows that an earlier request succeeded whose answer was lost. */
    async function untilAsUsual(request) {
        const { done } = request;
        const right = (outcome) => outcome === AS_USUAL || outcome.startsWith(`${String(done)},`);
        await until(() => ask(request), right);
    }
    /** A busy machine misses deadlines by itself: repeats requests with unusual answers while the part is still unavailable. */
    async function undisturbed(requests) {
        const outcomes = await askAll(requests, AT_A_TIME);
        for (const [request, outcome] of outcomes) {
            if (outcome !== AS_USUAL)
                await untilAsUsual(request);
        }
    }
    it('the table has every route', async () => {
        const requests = await prepared();
        await undisturbed(requests);
        expect(new Set(requests.map(({ route }) => route))).toEqual(new Set(MATRIX.map(({ route }) => route)));
    });
    describe.each(PARTS)('%s', (part) => {
        const expected = (route) => rowOf(route).answers.get(part);
        it.each(OUTAGES)('%s: every route answers as in the table, and as usual once the part is available again', async (outage) => {
            const all = await prepared();
            const others = all.filter(({ route }) => expected(route) === AS_USUAL);
            const without = all.filter(({ route }) => expected(route) !== AS_USUAL);
            await shop.takeAway(part, outage);
            try {
                const [outcomes] = await Promise.all([
                    askAll(without, without.length, part === 'MariaDB' ? askOnceForgotten : ask),
                    undisturbed(others),
                ]);
                const found = outcomes.map(([{ route }, outcome]) => [route, outcome]);
                expect(found.toSorted()).toEqual(without.map(({ route }) => [route, '503']).toSorted());
            }
            finally {
                await shop.bringBack(part, outage);
            }
            await Promise.all(without.map(untilAsUsual));
        });
    });
    it('a circuit opens without carts and closes when carts is available again, as metrics and log show', async () => {
        const guest = new Shopper(shop.url);
        const cart = () => guest.get('/cart');
        const state = async (name) => {
            const route = 'GET /carts/{customerId}/items';
            const series = `sockshop_circuit_breaker_state{upstream="carts",route="${route}",state="${name}"} 1`;
            return String((await guest.get('/metrics')).body).includes(series);
        };
        expect(await state('closed')).toBe(true);
        await shop.takeAway('carts', 'refused');
        try {
            const refused = 'carts is not available at the moment';
            await until(cart, ({ body }) => body['message'] === refused);
            expect(await state('open')).toBe(true);
        }
        finally {
            await shop.bringBack('carts', 'refused');
        }
        await until(cart, ({ status }) => status === 200);
        expect(await state('closed')).toBe(true);
        expect(shop.log()).toContain('"message":"circuit opened","upstream":"carts"');
        expect(shop.log()).toContain('"message":"circuit closed","upstream":"carts"');
    });
    it('every order accepted meanwhile is shipped', async () => {
        expect(placed.size).toBeGreaterThan(PARTS.length);
        for (const id of placed) {
            await until(() => regular.shopper.get(`/orders/${id}`), isShipped);
        }
    });
});
function rowOf(route) {
    const row = MATRIX.find((each) => each.route === route);
    if (!row)
        throw new Error(`docs/one-part-down.md lacks ${route}`);
    return row;
}
/** The status, and the missing parts of its answer. */
function refusal({ route }, { status, headers, body, traceId }) {
    const { title, detail, message, trace_id } = body; // if it is no object, none of them
    const traced = route === UNTRACED || (traceId !== '' && trace_id === traceId);
    const lacks = [
        !headers.get('content-type')?.startsWith('application/problem+json') && 'problem details',
        !/^\d+$/.test(headers.get('retry-after') ?? '') && 'retry-after',
        !traced && 'x-trace-id',
        (title !== 'Service Unavailable' || typeof detail !== 'string' || message !== detail) &&
            'words',
    ].filter((lack) => lack !== false);
    return [status, ...lacks.map((lack) => `no ${lack}`)].join(', ');
}
//# sourceMappingURL=one-part-down.test.js.map