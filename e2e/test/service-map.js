import { SERVICE_NAMES, SERVICES } from '@sockshop/parts';
import { until } from '@sockshop/testing';
import { randomBytes, randomInt } from 'node:crypto';
/** The services and the services they call. */
export const CALLS = SERVICES.flatMap(({ name, upstreams }) => upstreams.map((upstream) => [name, upstream]));
/** The services that an order and the visit before it reach: all that calls or messages connect. */
export const CONNECTED = SERVICES.filter(({ name, broker }) => broker ?? CALLS.some((call) => call.includes(name))).map(({ name }) => name);
/** More would make an address that is too long. */
const IDS_AT_ONCE = 50;
/**
 * Returns the service map of a real Zipkin for these traces only. They are sent with new ids and on their own
 * day, because the same server also gets the spans of other tests.
 */
export async function zipkinLinks(zipkinUrl, traces) {
    const spans = traces.flatMap((trace) => {
        const traceId = randomBytes(16).toString('hex');
        return trace.map((span) => ({ ...span, traceId }));
    });
    const started = Math.min(...spans.map(({ timestamp }) => timestamp));
    const ended = Math.max(...spans.map(({ timestamp, duration }) => timestamp + duration));
    const laterUs = randomInt(1, 3650) * 24 * 3600 * 1_000_000;
    const moved = spans.map((span) => ({ ...span, timestamp: span.timestamp + laterUs }));
    const sent = await fetch(`${zipkinUrl}/api/v2/spans`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(moved),
    });
    if (sent.status !== 202)
        throw new Error(`Zipkin answered ${sent.status}: ${await sent.text()}`);
    const ids = [...new Set(moved.map(({ traceId }) => traceId))];
    await until(async () => {
        let count = 0;
        for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
            const some = ids.slice(from, from + IDS_AT_ONCE).join();
            const response = await fetch(`${zipkinUrl}/api/v2/traceMany?traceIds=${some}`);
            count += (await response.json()).flat().length;
        }
        return count;
    }, (count) => count === moved.length);
    const endMs = Math.ceil((ended + laterUs) / 1000);
    return links(zipkinUrl, endMs, endMs - Math.floor((started + laterUs) / 1000) + 1);
}
/** Times in milliseconds. */
export async function links(zipkinUrl, endMs, lookbackMs) {
    const query = `endTs=${endMs}&lookback=${lookbackMs}`;
    const response = await fetch(`${zipkinUrl}/api/v2/dependencies?${query}`);
    return (await response.json());
}
export function isBroker(name) {
    return name === 'queue' || name === 'rabbitmq';
}
/** Calls to other services over HTTP. */
export function callsTo(map, name) {
    const calls = map.filter(({ parent, child }) => child === name && !isBroker(parent));
    return calls.reduce((sum, { callCount }) => sum + callCount, 0);
}
/** The traced requests that each service has answered, according to its own metrics. */
export async function callsServed(shop) {
    const counts = SERVICE_NAMES.map(async (name) => {
        const metrics = await (await fetch(`${shop.urls[name]}/metrics`)).text();
        const lines = metrics.matchAll(/^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/gm);
        const traced = [...lines].filter(([, labels]) => !/http_route="\/(readyz|livez|metrics)"/.test(labels));
        return [name, traced.reduce((sum, [, , count]) => sum + Number(count), 0)];
    });
    return Object.fromEntries(await Promise.all(counts));
}
//# sourceMappingURL=service-map.js.map