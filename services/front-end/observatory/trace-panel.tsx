import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import type { TraceSummary } from '../storefront/trace/trace.ts';
import { traceLimit, type Part, type Work } from './api.ts';
import { TraceRows } from './trace-rows.tsx';
import { TraceSearch } from './trace-search.tsx';
import type { Polled } from './use-poll.ts';
import type { View } from './view.ts';

const t = text.observatory;

export function TracePanel({
  traces,
  view,
  service,
  services,
  routes,
}: {
  traces: Polled<TraceSummary[]>;
  view: View;
  /** Whose traces they are, empty for all. */
  service: string;
  services: readonly Part[];
  routes: readonly Work[];
}) {
  const { shown, waiting, hold } = useHeld(traces.data, JSON.stringify({ ...view, trace: '' }));
  return (
    <section className="panel" aria-labelledby="traces-title">
      <div className="panel-head">
        <h2 id="traces-title">{t.traces}</h2>
        <p className="found">
          {shown && (shown.length < traceLimit ? t.found(shown.length) : t.foundMany(traceLimit))}
          {waiting && ` · ${t.held}`}
        </p>
      </div>
      <TraceSearch view={view} service={service} services={services} routes={routes} />
      {shown === undefined && <p className="wait">{t.loading}</p>}
      {shown?.length === 0 && <p className="wait">{t.noTraces}</p>}
      {shown && shown.length > 0 && <TraceRows traces={shown} view={view} hold={hold} />}
    </section>
  );
}

/** Rows must not move under the pointer: while it is over them, newer rows wait. */
function useHeld(newest: TraceSummary[] | undefined, key: string) {
  const [held, setHeld] = useState<{ key: string; traces: TraceSummary[] } | null>(null);
  const valid = held?.key === key ? held.traces : undefined;
  return {
    shown: valid ?? newest,
    waiting: valid !== undefined && newest !== valid,
    hold: (reading: boolean) => {
      setHeld(reading && newest ? { key, traces: newest } : null);
    },
  };
}
