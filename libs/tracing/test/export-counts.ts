import type { CountExported } from '../src/counted-exporter.ts';

/** Items by exporter and result, `zipkin sent` or `otlp_http export_failed`, as the exporters report them. */
export function exportCounts(): { counts: Record<string, number>; countExported: CountExported } {
  const counts: Record<string, number> = {};
  return {
    counts,
    countExported(component, items, errorType) {
      const key = `${component} ${errorType ?? 'sent'}`;
      counts[key] = (counts[key] ?? 0) + items;
    },
  };
}
