import type { CountExported } from '../src/span-processors.ts';

/** Spans by exporter and result, `zipkin sent` or `otlp_http export_failed`, as the exporters report them. */
export function exportCounts(): { counts: Record<string, number>; countExported: CountExported } {
  const counts: Record<string, number> = {};
  return {
    counts,
    countExported(component, spans, errorType) {
      const key = `${component} ${errorType ?? 'sent'}`;
      counts[key] = (counts[key] ?? 0) + spans;
    },
  };
}
