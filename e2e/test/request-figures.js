import { SERVICE_NAMES } from '@sockshop/parts';
/** Requests that make metrics and no spans: probes, metrics, and files, whose route is a wildcard. */
const UNTRACED = /^\S+ \S+ (\/(readyz|livez|health|metrics|prometheus)|\/catalogue\/images\/\S*|\S*\*) /;
/** What the services' metrics say of the requests that they answered since they started. */
export async function figuresOfMetrics(shop) {
    const figures = new Map();
    for (const name of SERVICE_NAMES) {
        const text = await (await fetch(`${shop.urls[name]}/metrics`)).text();
        const read = (what) => [
            ...text.matchAll(new RegExp(`^http_server_request_duration_seconds_${what}\\{(.*)\\} (\\S+)`, 'gm')),
        ].map(([, labels = '', value]) => [keyOf(name, labels), Number(value)]);
        const sums = new Map(read('sum'));
        for (const [key, count] of read('count'))
            if (!UNTRACED.test(key))
                figures.set(key, { count, seconds: sums.get(key) ?? 0 });
    }
    return figures;
}
/** The same of the spans of these requests. */
export function figuresOfSpans(spans) {
    const figures = new Map();
    for (const { kind, localEndpoint, tags = {}, duration } of spans) {
        if (kind !== 'SERVER')
            continue;
        const key = [
            localEndpoint.serviceName,
            tags['http.request.method'],
            tags['http.route'] ?? '-',
            tags['http.response.status_code'],
            tags['error.type'] ?? '-',
        ].join(' ');
        const { count, seconds } = figures.get(key) ?? { count: 0, seconds: 0 };
        figures.set(key, { count: count + 1, seconds: seconds + duration / 1e6 });
    }
    return figures;
}
/** What was added after `before`. */
export function since(before, after) {
    return new Map([...after]
        .map(([key, { count, seconds }]) => {
        const earlier = before.get(key) ?? { count: 0, seconds: 0 };
        return [key, { count: count - earlier.count, seconds: seconds - earlier.seconds }];
    })
        .filter(([, { count }]) => count > 0));
}
function keyOf(service, labels) {
    const label = (name) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '-';
    return [
        service,
        label('http_request_method'),
        label('http_route'),
        label('http_response_status_code'),
        label('error_type'),
    ].join(' ');
}
//# sourceMappingURL=request-figures.js.map