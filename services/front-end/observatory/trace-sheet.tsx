import { useEffect, useRef, useState } from 'react';
import { ErrorBoundary } from '../storefront/frame/error-boundary.tsx';
import { text } from '../storefront/i18n/text.ts';
import { copyText } from '../storefront/trace/copy-text.ts';
import type { TraceSummary } from '../storefront/trace/trace.ts';
import { Waterfall } from '../storefront/trace/waterfall.tsx';
import { ResponseError, getTrace, getTraceLogs } from './api.ts';
import { clock, count, duration } from './format.ts';
import { mayGrow, stateText } from './trace-state.ts';
import { usePoll } from './use-poll.ts';

const t = text.observatory;

/** One trace, over the right side of the page, at an address of its own. */
export function TraceSheet({
  traceId,
  zipkinUrl,
  onClose,
}: {
  traceId: string;
  zipkinUrl: string | undefined;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [settled, setSettled] = useState(false);
  const { data: trace, error } = usePoll(
    async (signal) => {
      const answer = await getTrace(traceId, signal);
      setSettled(!mayGrow(answer.summary));
      return answer;
    },
    traceId,
    !settled,
  );
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      className="sheet"
      ref={dialog}
      aria-labelledby="trace-name"
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) onClose(); // beside it
      }}
    >
      <div className="sheet-body">
        <header>
          <h2 id="trace-name">{trace?.summary.name ?? t.trace}</h2>
          <button
            type="button"
            className="button"
            onClick={() => {
              dialog.current?.close();
            }}
          >
            {text.frame.close}
          </button>
        </header>
        {trace && <Facts summary={trace.summary} />}
        <p className="trace-links">
          <code>{traceId}</code>
          <CopyLink />
          {zipkinUrl !== undefined && (
            <a href={`${zipkinUrl}/zipkin/traces/${traceId}`} rel="noreferrer">
              {t.inZipkin}
            </a>
          )}
        </p>
        <div role="status">
          {error !== undefined && (
            <p className="unavailable">
              {error instanceof ResponseError && error.status === 404
                ? t.traceGone
                : t.storeUnavailable}
            </p>
          )}
        </div>
        {trace ? (
          <ErrorBoundary>
            <Waterfall
              trace={trace}
              label={t.waterfallOf(trace.summary.name)}
              loadLogs={() => getTraceLogs(traceId)}
            />
          </ErrorBoundary>
        ) : (
          error === undefined && <p className="wait">{t.loading}</p>
        )}
      </div>
    </dialog>
  );
}

/** The same figures as in the trace's row. */
function Facts({ summary }: { summary: TraceSummary }) {
  const { status, errors } = summary;
  const facts: [string, string, boolean?][] = [
    [t.outcome, status ?? '–', errors > 0],
    [t.response, duration(summary.durationMs)],
    [t.lastSpan, duration(summary.wholeMs)],
    [t.started, clock(summary.startMs)],
    [t.spans, count(summary.spans)],
    [t.services, count(summary.services.length)],
    [t.failedSpansTitle, count(errors), errors > 0],
  ];
  const state = stateText(summary);
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value, failed]) => (
          <div key={name} className={failed ? 'failed' : ''}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="state" role="status">
        {state}
      </p>
    </>
  );
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        copyText(location.href).then(
          () => {
            setCopied(true);
          },
          () => {
            setCopied(false); // not allowed here: the address bar has it
          },
        );
      }}
    >
      <span aria-live="polite">{copied ? t.copied : t.copyLink}</span>
    </button>
  );
}
