import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedShop } from './embedded-shop.ts';
import { ROOT } from './workspace-process.ts';
jest.setTimeout(240_000);
const ROUNDS = 7;
const REQUESTS = 200;
const AT_ONCE = 10;
let off;
let on;
beforeAll(async () => {
    const env = { CACHE_MS: '0' }; // each request has its statement
    off = await EmbeddedShop.start({ env: { ...env, OTEL_SDK_DISABLED: 'true' } });
    on = await EmbeddedShop.start({ env });
});
afterAll(async () => {
    await off.stop();
    await on.stop();
});
it('tracing of every request costs no more CPU time, waiting and memory than docs/tracing.md says', async () => {
    const ratios = [];
    await round(off);
    await round(on);
    for (let index = 0; index < ROUNDS; index += 1) {
        // In turns, and side by side: what else the machine does meets both.
        const [first, second] = index % 2 === 0 ? [off, on] : [on, off];
        const one = await round(first);
        const other = await round(second);
        const [without, with_] = index % 2 === 0 ? [one, other] : [other, one];
        ratios.push({ cpu: with_.cpu / without.cpu, p95: with_.p95 / without.p95 });
    }
    const memoryMiB = (await figure(on, MEMORY)) / 2 ** 20 - (await figure(off, MEMORY)) / 2 ** 20;
    const found = {
        cpu: median(ratios.map(({ cpu }) => cpu)),
        p95: median(ratios.map(({ p95 }) => p95)),
        memoryMiB,
    };
    expect({ found, within: within(found, readPromise()) }).toEqual({
        found,
        within: { cpu: true, p95: true, memoryMiB: true },
    });
});
const CPU = 'process_cpu_seconds_total';
const MEMORY = 'process_resident_memory_bytes';
async function round(shop) {
    const before = await figure(shop, CPU);
    const times = [];
    let sent = 0;
    const ask = async () => {
        while (sent < REQUESTS) {
            sent += 1;
            const began = performance.now();
            await (await fetch(`${shop.url}/catalogue?size=5`)).text();
            times.push(performance.now() - began);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    const cpu = (await figure(shop, CPU)) - before;
    times.sort((one, other) => one - other);
    return { cpu, p95: times[Math.floor(times.length * 0.95)] };
}
async function figure({ urls }, name) {
    const text = await (await fetch(`${urls['front-end']}/metrics`)).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined)
        throw new Error(`no ${name} in the metrics`);
    return Number(value);
}
function median(values) {
    return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
function within(found, promised) {
    return {
        cpu: found.cpu <= promised.cpu,
        p95: found.p95 <= promised.p95,
        memoryMiB: found.memoryMiB <= promised.memoryMiB,
    };
}
function readPromise() {
    const text = readFileSync(join(ROOT, 'docs', 'tracing.md'), 'utf8');
    const number = (pattern) => Number(pattern.exec(text)?.[1]);
    return {
        cpu: number(/\| CPU time of a request +\| at most ([\d.]+) times/),
        p95: number(/\| 95th percentile of a request +\| at most ([\d.]+) times/),
        memoryMiB: number(/\| Memory of the process +\| at most ([\d.]+) MiB more/),
    };
}
//# sourceMappingURL=tracing-cost.test.js.map