import { useEffect, useRef, useState } from 'react';
import { ErrorBoundary } from '../storefront/frame/error-boundary.tsx';
import { text } from '../storefront/i18n/text.ts';
import { copyText } from '../storefront/trace/copy-text.ts';
import { servicesOf, type Trace } from '../storefront/trace/trace.ts';
import { Waterfall } from '../storefront/trace/waterfall.tsx';
import { ResponseError, getTrace } from './api.ts';
import { clock, count, duration } from './format.ts';
import { usePoll } from './use-poll.ts';

const t = text.observatory;

/** Spans of a trace this young may still be on their way. */
const settledMs = 15_000;

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
      setSettled(Date.now() - answer.startMs > settledMs);
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
          <h2 id="trace-name">{trace ? nameOf(trace) : t.trace}</h2>
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
        {trace && <Facts trace={trace} />}
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
            <Waterfall trace={trace} label={t.waterfallOf(nameOf(trace))} />
          </ErrorBoundary>
        ) : (
          error === undefined && <p className="wait">{t.loading}</p>
        )}
      </div>
    </dialog>
  );
}

function Facts({ trace }: { trace: Trace }) {
  const failed = trace.spans.filter(({ error }) => error !== undefined).length;
  return (
    <dl className="facts">
      <div>
        <dt>{t.duration}</dt>
        <dd>{duration(trace.durationMs)}</dd>
      </div>
      <div>
        <dt>{t.started}</dt>
        <dd>{clock(trace.startMs)}</dd>
      </div>
      <div>
        <dt>{t.spans}</dt>
        <dd>{count(trace.spans.length)}</dd>
      </div>
      <div>
        <dt>{t.services}</dt>
        <dd>{count(servicesOf(trace.spans).length)}</dd>
      </div>
      <div className={failed > 0 ? 'failed' : ''}>
        <dt>{t.errors}</dt>
        <dd>{count(failed)}</dd>
      </div>
    </dl>
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

/** Of its first span without a parent that is there. */
function nameOf({ spans }: Trace): string {
  return (spans.find(({ parentId }) => parentId === undefined) ?? spans[0])?.name ?? '';
}
