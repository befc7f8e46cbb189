import { text } from '../storefront/i18n/text.ts';
import type { TraceSummary } from '../storefront/trace/trace.ts';
import { Bar } from './bar.tsx';
import { clock, count, duration } from './format.ts';
import { stateText } from './trace-state.ts';
import { changeView, formatView, type View } from './view.ts';

const t = text.observatory;

export function TraceRows({
  traces,
  view,
  hold,
}: {
  traces: readonly TraceSummary[];
  view: View;
  /** Whether the pointer is over the rows. */
  hold: (reading: boolean) => void;
}) {
  const topMs = Math.max(...traces.map(({ durationMs }) => durationMs));
  return (
    <div
      className="scroll tall"
      onPointerEnter={({ pointerType }) => {
        if (pointerType === 'mouse') hold(true);
      }}
      onPointerLeave={() => {
        hold(false);
      }}
    >
      <table className="traces">
        <thead>
          <tr>
            <th scope="col">{t.route}</th>
            <th scope="col">{t.outcome}</th>
            <th scope="col" className="number">
              {t.response}
            </th>
            <th scope="col">{t.time}</th>
            <th scope="col" className="number">
              {t.spans}
            </th>
            <th scope="col" className="number">
              {t.services}
            </th>
          </tr>
        </thead>
        <tbody>
          {traces.map((trace) => (
            <Row key={trace.traceId} trace={trace} view={view} topMs={topMs} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ trace, view, topMs }: { trace: TraceSummary; view: View; topMs: number }) {
  const { traceId, name, service, startMs, durationMs, spans, services } = trace;
  const current = traceId === view.trace;
  return (
    <tr
      className={current ? 'current' : ''}
      onClick={({ target }) => {
        // The link is for the keyboard, and to be copied; a click anywhere in the row is as good.
        if (!(target instanceof HTMLAnchorElement)) changeView({ trace: traceId });
      }}
    >
      <th scope="row">
        <a
          href={formatView({ ...view, trace: traceId })}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return; // to another tab
            event.preventDefault();
            changeView({ trace: traceId });
          }}
        >
          {name}
        </a>{' '}
        <span className="muted">{service}</span>
      </th>
      <td>
        <Outcome trace={trace} />
      </td>
      <td className="number">
        {duration(durationMs)}
        <Bar ms={durationMs} topMs={topMs} />
      </td>
      <td>{clock(startMs)}</td>
      <td className="number">{count(spans)}</td>
      <td className="number" title={services.join(', ')}>
        {count(services.length)}
      </td>
    </tr>
  );
}

function Outcome({ trace }: { trace: TraceSummary }) {
  const { status = '', errors } = trace;
  const grave = errors > 0 || status.startsWith('5');
  const kind = grave ? 'bad' : status.startsWith('4') ? 'warn' : 'good';
  return (
    <>
      <span className={`outcome ${kind}`}>{status || (grave ? '' : t.well)}</span>
      <small className="outcome-state">
        {errors > 0 && <span className="failed">{t.failedSpans(errors)} </span>}
        {stateText(trace)}
      </small>
    </>
  );
}
