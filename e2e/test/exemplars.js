import { SERVICE_NAMES } from '@sockshop/parts';
/** Those in the metrics of every service, taken in turns, so that the first ones are of all services. */
export async function exemplarsOf(shop) {
    const accept = 'application/openmetrics-text; version=1.0.0';
    const lists = SERVICE_NAMES.map(async (name) => {
        const response = await fetch(`${shop.urls[name]}/metrics`, { headers: { accept } });
        const lines = (await response.text()).matchAll(EXEMPLAR);
        return [...lines].map(([, labels = '', seconds]) => ({
            place: `${labelOf(labels, 'trace_id')} ${labelOf(labels, 'span_id')} ${name}`,
            timeMs: Number(seconds) * 1000,
        }));
    });
    const each = await Promise.all(lists);
    const longest = Math.max(...each.map(({ length }) => length));
    return Array.from({ length: longest }, (_, index) => each.flatMap((list) => list.slice(index, index + 1))).flat();
}
/** Behind a sample: ` # {labels} value time`. */
const EXEMPLAR = / # \{([^}]*)\} \S+ (\S+)$/gm;
function labelOf(labels, name) {
    return new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '-';
}
//# sourceMappingURL=exemplars.js.map