import { until } from '@sockshop/testing';
/** Empty for an unknown trace. */
export async function traceOf(shop, traceId) {
    const response = await fetch(`${shop.tracesUrl}/api/v2/trace/${traceId}`);
    const body = await response.text();
    return response.status === 200 ? JSON.parse(body) : [];
}
/** Returns the trace once it is complete: its spans arrive from several services in batches. */
export async function wholeTrace(shop, traceId) {
    let trace = [];
    const look = async () => {
        trace = await traceOf(shop, traceId);
        return problemsOf(trace);
    };
    await until(look, (problems) => problems.length === 0);
    return trace;
}
/** Every trace with this shop's spans since then; its Zipkin may contain those of others. */
export async function allTraces(shop, sinceMs) {
    const now = Date.now() + 1000;
    const query = `endTs=${now}&lookback=${now - sinceMs}&limit=10000`;
    const response = await fetch(`${shop.tracesUrl}/api/v2/traces?${query}`);
    const traces = (await response.json());
    const ports = new Set(Object.values(shop.urls).map((url) => Number(new URL(url).port)));
    return traces.filter((trace) => trace.some(({ localEndpoint }) => ports.has(localEndpoint.port ?? 0)));
}
/** Lists the errors in a trace's structure; empty for a complete and correct trace. */
export function problemsOf(trace) {
    const ids = new Set(trace.map(({ id }) => id));
    const roots = trace.filter(({ parentId }) => parentId === undefined);
    const orphans = trace.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId));
    return [
        ...(roots.length === 1 ? [] : [`${roots.length} roots`]),
        ...(ids.size === trace.length ? [] : ['an id twice']),
        ...orphans.map((span) => `orphan ${titleOf(span)}`),
        ...trace.flatMap((span) => hopProblems(span, childrenOf(trace, span))),
    ];
}
/** Lists what begins before or ends after the span that caused it; a consumer works when it likes. */
export function timeProblems(trace) {
    const byId = new Map(trace.map((span) => [span.id, span]));
    return trace.flatMap((span) => {
        const parent = byId.get(span.parentId ?? '');
        if (!parent || span.kind === 'CONSUMER')
            return [];
        const earlyUs = parent.timestamp - span.timestamp;
        const lateUs = span.timestamp + span.duration - (parent.timestamp + parent.duration);
        const title = `${titleOf(span)} below ${titleOf(parent)}`;
        return [
            ...(earlyUs > SKEW_US ? [`${title} begins ${earlyUs} µs early`] : []),
            ...(lateUs > (span.kind === 'SERVER' ? TURN_US : SKEW_US)
                ? [`${title} ends ${lateUs} µs late`]
                : []),
        ];
    });
}
/** One SERVER below each HTTP call, one CONSUMER below each message sent, one acknowledgement below each taken. */
function hopProblems(span, children) {
    const below = (kind) => children.filter((child) => child.kind === kind);
    const title = titleOf(span);
    if (isHttpCall(span)) {
        const [server, ...more] = below('SERVER');
        if (!server || more.length > 0)
            return [`${below('SERVER').length} servers below ${title}`];
        if (children.length > 1)
            return [`not only a server below ${title}`];
        const { serviceName } = span.remoteEndpoint ?? {};
        if (serviceName !== server.localEndpoint.serviceName)
            return [`another server below ${title}`];
        return server.timestamp < span.timestamp - SKEW_US ? [`${title} starts after its server`] : [];
    }
    if (span.kind === 'PRODUCER' && below('CONSUMER').length !== 1)
        return [`no consumer below ${title}`];
    if (span.kind === 'CONSUMER' && below('CLIENT').filter(isAck).length !== 1) {
        return [`no acknowledgement below ${title}`];
    }
    return [];
}
/** The skew between the clocks of two processes on one machine, in microseconds; spans start on a whole millisecond. */
const SKEW_US = 5000;
/** How much later than its caller a busy machine lets a server notice that its response is written, in microseconds. */
const TURN_US = 250_000;
/** Where a span is: its trace, its id and its service. */
export function placeOf({ traceId, id, localEndpoint }) {
    return `${traceId} ${id} ${localEndpoint.serviceName}`;
}
export function isHttpCall({ kind, tags }) {
    return kind === 'CLIENT' && tags?.['http.request.method'] !== undefined;
}
export function isStore({ tags }) {
    return tags?.['db.system.name'] !== undefined;
}
function isAck({ tags }) {
    return tags?.['messaging.operation.name'] === 'ack';
}
function childrenOf(trace, { id }) {
    return trace.filter(({ parentId }) => parentId === id);
}
function titleOf({ localEndpoint, kind, name }) {
    return `${localEndpoint.serviceName} ${kind ?? 'INTERNAL'} ${name}`;
}
//# sourceMappingURL=spans.js.map