import { useState } from 'react';
import { text } from '../i18n/text.ts';
import { copyText } from './copy-text.ts';
import type { MyAction } from './my-actions.ts';
import { myTrace, myTraceLogs, type TraceConfig } from './trace-api.ts';
import { durationText, isSettled, type Trace } from './trace.ts';
import { observatoryPath } from './trace-link.tsx';
import { TraceState } from './trace-state.tsx';
import { useGrowing } from './use-growing.ts';
import { Waterfall } from './waterfall.tsx';

const words = text.drawer;

interface Props {
  action: MyAction;
  config: TraceConfig;
  /** Only where the list is not beside it. */
  onBack: (() => void) | undefined;
}

/** One trace, live until its last span has arrived. */
export function TraceView({ action, config, onBack }: Props) {
  const { traceId, name, trace: summary } = action;
  // Asked for once the list has it: before, there is nothing to be found.
  const known = summary !== undefined;
  const { data, failure, live } = useGrowing<Trace | undefined>(
    `${traceId} ${known} ${summary?.spans ?? 0}`,
    async () => (known ? myTrace(traceId) : undefined),
    (now, before) => !known || (now !== undefined && isSettled(now, before)),
  );
  const [kept, setKept] = useState(data);
  if (data && data !== kept) setKept(data); // stays while it is asked for again
  /** Work behind the answer, such as the shipping of an order. */
  const goesOn = kept !== undefined && kept.summary.wholeMs > 2 * (action.durationMs ?? 0);
  return (
    <section className="td-trace" aria-labelledby="td-trace-title">
      <div className="td-trace-head">
        {onBack && (
          <button type="button" className="td-button" onClick={onBack}>
            <span aria-hidden="true">←</span> {words.back}
          </button>
        )}
        <h3 id="td-trace-title">{name}</h3>
        {kept && (
          <p className="td-sum">
            {action.durationMs !== undefined && (
              <strong>{durationText(action.durationMs * 1000)}</strong>
            )}
            {goesOn && <span>{words.doneAfter(durationText(kept.summary.wholeMs * 1000))}</span>}
            <span>{words.spans(kept.summary.spans)}</span>
            <span>{words.serviceCount(kept.summary.services.length)}</span>
            <TraceState state={kept.summary.state} live={live} />
          </p>
        )}
        <div className="td-tools">
          <CopyId traceId={traceId} />
          {observatoryPath(traceId) !== undefined && (
            <a className="td-button" href={observatoryPath(traceId)}>
              {words.observatory}
            </a>
          )}
          {config.zipkinUrl && (
            <a
              className="td-button"
              href={`${config.zipkinUrl.replace(/\/$/, '')}/zipkin/traces/${traceId}`}
              target="_blank"
              rel="noreferrer"
            >
              {words.zipkin} <span aria-hidden="true">↗</span>
            </a>
          )}
        </div>
      </div>
      {failure === 'gone' && !kept && <p>{words.gone}</p>}
      {!kept && failure === undefined && <p className="td-pending">{words.pendingLong}</p>}
      {kept && (
        <Waterfall trace={kept} label={words.traceOf(name)} loadLogs={() => myTraceLogs(traceId)} />
      )}
    </section>
  );
}

function CopyId({ traceId }: { traceId: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await copyText(traceId);
    } catch {
      return; // it can still be selected
    }
    setCopied(true);
    setTimeout(() => {
      setCopied(false);
    }, 2000);
  };
  return (
    <>
      <button
        type="button"
        className="td-button td-id"
        title={words.copy}
        onClick={() => void copy()}
      >
        <span className="hidden">{words.copy} </span>
        <code>{traceId}</code>
        <svg viewBox="0 0 14 14" aria-hidden="true">
          {copied ? (
            <path d="M2 7.5 5.5 11 12 3" />
          ) : (
            <path d="M4.5 4.5h7.5v7.5h-7.5zM2 9.5v-7.5h7.5" />
          )}
        </svg>
      </button>
      <span className="hidden" role="status">
        {copied && words.copied}
      </span>
    </>
  );
}
