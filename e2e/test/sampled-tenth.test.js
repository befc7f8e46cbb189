import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { EmbeddedShop } from './embedded-shop.ts';
import { allTraces, problemsOf } from './spans.ts';
jest.setTimeout(240_000);
const REQUESTS = 10_000;
const AT_ONCE = 32;
/** front-end's SERVER and CLIENT span, catalogue's SERVER span and its statement. */
const SPANS = 4;
let shop;
beforeAll(async () => {
    shop = await EmbeddedShop.start({
        env: {
            CACHE_MS: '0', // each request has its statement
            OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
            OTEL_TRACES_SAMPLER_ARG: '0.1',
        },
    });
});
afterAll(() => shop.stop());
it('of 10,000 requests a tenth is sampled: each in all services or in none', async () => {
    const startedMs = Date.now();
    const sampled = new Set();
    let sent = 0;
    const ask = async () => {
        while (sent < REQUESTS) {
            sent += 1;
            const response = await fetch(`${shop.url}/tags`);
            await response.text();
            const [, traceId, , flags] = /"00-(\w+)-(\w+)-(\w+)"/.exec(response.headers.get('server-timing') ?? '') ?? [];
            if (flags === '01')
                sampled.add(traceId);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    // Binomial: 1,000 expected, standard deviation 30. Six of them: once in 500 million runs.
    expect(Math.abs(sampled.size - REQUESTS / 10)).toBeLessThan(180);
    const found = await until(() => allTraces(shop, startedMs), (traces) => traces.flat().length >= sampled.size * SPANS);
    expect(new Set(found.map(([span]) => span.traceId))).toEqual(sampled);
    const partial = (trace) => trace.length !== SPANS || problemsOf(trace).length > 0;
    expect(found.filter(partial)).toEqual([]);
});
//# sourceMappingURL=sampled-tenth.test.js.map