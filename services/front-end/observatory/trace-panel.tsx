import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import type { TraceSummary } from '../storefront/trace/trace.ts';
import { traceLimit, type Found, type Traffic } from './api.ts';
import { TraceIdBox } from './trace-id-box.tsx';
import { TraceRows } from './trace-rows.tsx';
import { TraceSearch } from './trace-search.tsx';
import type { Polled } from './use-poll.ts';
import type { View } from './view.ts';

const t = text.observatory;

export function TracePanel({
  traces,
  view,
  traffic,
}: {
  traces: Polled<Found>;
  view: View;
  traffic: Traffic | undefined;
}) {
  const found = traces.data;
  const { shown, waiting, hold } = useHeld(found?.traces, JSON.stringify({ ...view, trace: '' }));
  return (
    <section className="panel" aria-labelledby="traces-title">
      <div className="panel-head">
        <h2 id="traces-title">{t.traces}</h2>
        <p className="found">
          {found && whichOf(found, view.sort)}
          {waiting && ` · ${t.held}`}
        </p>
        <TraceIdBox />
      </div>
      <TraceSearch view={view} traffic={traffic} />
      {shown === undefined && <p className="wait">{t.loading}</p>}
      {shown?.length === 0 && <p className="wait">{t.noTraces}</p>}
      {shown && shown.length > 0 && <TraceRows traces={shown} view={view} hold={hold} />}
    </section>
  );
}

/** What the list has, and out of what. */
function whichOf({ traces: { length }, looked, complete }: Found, sort: View['sort']): string {
  if (complete) return t.found(length);
  if (sort === 'slowest') return t.foundSlowest(length, looked);
  return length < traceLimit ? t.foundOf(length, looked) : t.foundNewest(length);
}

/** Rows must not move under the pointer: while it is over them, newer rows wait. The figures of the rows that are there do not. */
function useHeld(newest: TraceSummary[] | undefined, key: string) {
  const [held, setHeld] = useState<{ key: string; traces: TraceSummary[] } | null>(null);
  const valid = held?.key === key ? held.traces : undefined;
  const now = new Map(newest?.map((trace) => [trace.traceId, trace]));
  return {
    shown: valid?.map((trace) => now.get(trace.traceId) ?? trace) ?? newest,
    waiting: valid !== undefined && newest !== valid,
    hold: (reading: boolean) => {
      setHeld(reading && newest ? { key, traces: newest } : null);
    },
  };
}
