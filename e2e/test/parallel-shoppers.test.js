import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { EmbeddedShop } from './embedded-shop.ts';
import { SOCKS } from './shopper.ts';
import { problemsOf, traceOf } from './spans.ts';
jest.setTimeout(240_000);
const SHOPPERS = 1000;
/** A shopper with a connection and a session of its own. */
class ParallelShopper {
    url;
    name;
    /** The traces of its requests. */
    traceIds = [];
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    cookie = '';
    constructor(url, name) {
        this.url = url;
        this.name = name;
    }
    send(method, path, body) {
        const traceId = randomBytes(16).toString('hex');
        this.traceIds.push(traceId);
        const headers = {
            baggage: `shopper=${this.name}`,
            traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
            ...(this.cookie !== '' && { cookie: this.cookie }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
        };
        return new Promise((resolve, reject) => {
            const sent = request(this.url + path, { method, headers, agent: this.agent }, (response) => {
                const set = response.headers['set-cookie'] ?? [];
                if (set.length > 0)
                    this.cookie = set.map((each) => each.split(';')[0]).join('; ');
                response.resume().on('end', () => {
                    resolve(response.statusCode ?? 0);
                });
            });
            sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
        });
    }
    close() {
        this.agent.destroy();
    }
}
let shop;
const shoppers = [];
beforeAll(async () => {
    shop = await EmbeddedShop.start({ env: { BAGGAGE_TAG_FIELDS: 'shopper,session.id' } });
});
afterAll(async () => {
    for (const shopper of shoppers)
        shopper.close();
    await shop.stop();
});
it('1,000 shoppers at once: each trace holds the one session and the baggage of its shopper, in every service', async () => {
    for (let index = 0; index < SHOPPERS; index += 1)
        shoppers.push(new ParallelShopper(shop.url, `shopper-${index}`));
    for (let from = 0; from < SHOPPERS; from += 50)
        await Promise.all(shoppers.slice(from, from + 50).map((each) => each.send('GET', '/cart')));
    // The shop stands still until all thousand requests have been sent, so that it has them all at the same time.
    shop.process.signal('SIGSTOP');
    const adding = shoppers.map((each) => each.send('POST', '/cart', { id: SOCKS.nerd.id }));
    await new Promise((resolve) => setImmediate(resolve));
    shop.process.signal('SIGCONT');
    const added = await Promise.all(adding);
    // A busy machine refuses some of so many, after they waited for a place: their traces are whole as well.
    expect(added.filter((status) => status !== 201 && status !== 503)).toEqual([]);
    const sessions = new Map();
    const adds = [];
    for (const shopper of shoppers) {
        const [, ...traceIds] = shopper.traceIds; // the session begins with the first answer
        for (const traceId of traceIds) {
            const trace = await until(() => traceOf(shop, traceId), isWhole);
            adds.push(...trace.filter(({ name }) => name === 'post /cart'));
            const servers = trace.filter(({ kind }) => kind === 'SERVER');
            const names = new Set(servers.map(({ tags }) => tags?.['shopper']));
            expect(names).toEqual(new Set([shopper.name]));
            const ids = new Set(servers.map(({ tags }) => tags?.['session.id']));
            expect(ids.size).toBe(1);
            const [id] = ids;
            expect(sessions.get(id) ?? shopper).toBe(shopper);
            sessions.set(id, shopper);
        }
    }
    expect(sessions.size).toBe(SHOPPERS);
    expect(adds).toHaveLength(SHOPPERS);
    expect(mostAtOnce(adds)).toBe(SHOPPERS);
});
/** How many of the spans were open at the same moment. */
function mostAtOnce(spans) {
    const steps = spans.flatMap(({ timestamp, duration }) => [
        { at: timestamp, step: 1 },
        { at: timestamp + duration, step: -1 },
    ]);
    steps.sort((one, other) => one.at - other.at);
    let open = 0;
    return Math.max(...steps.map(({ step }) => (open += step)));
}
/** Its root is a child of a span that this test has only sent. */
function isWhole(trace) {
    const [first, ...others] = problemsOf(trace);
    return trace.length > 0 && others.length === 1 && first === '0 roots';
}
//# sourceMappingURL=parallel-shoppers.test.js.map