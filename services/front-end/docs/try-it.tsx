import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { TraceLink } from '../storefront/trace/trace-link.tsx';

const t = text.docs;
/** Characters of an answer that are shown. */
const SHOWN = 20_000;

interface Outcome {
  status: string;
  tookMs: number;
  traceId: string | null;
  body: string;
}

/** Sends the request from this page, with the visitor's own cookies. */
export function TryIt({ url }: { url: string }) {
  const [outcome, setOutcome] = useState<Outcome | 'sending' | 'failed'>();
  const missing = url.includes('{');
  const send = () => {
    setOutcome('sending');
    ask(url).then(setOutcome, () => {
      setOutcome('failed');
    });
  };
  return (
    <div className="try">
      <button
        type="button"
        className="btn btn-primary btn-small"
        disabled={missing || outcome === 'sending'}
        onClick={send}
      >
        {t.send}
      </button>
      {missing && <span className="muted">{t.missing}</span>}
      <div role="status">
        {outcome === 'sending' && t.sending}
        {outcome === 'failed' && t.failed}
        {typeof outcome === 'object' && (
          <p>
            <strong>{outcome.status}</strong> {t.took(outcome.tookMs)}
            {outcome.traceId !== null && (
              <>
                {' '}
                {t.trace} <TraceLink traceId={outcome.traceId} />
              </>
            )}
          </p>
        )}
      </div>
      {typeof outcome === 'object' && outcome.body !== '' && (
        <pre tabIndex={0} aria-label={t.answer}>
          {outcome.body}
        </pre>
      )}
    </div>
  );
}

async function ask(url: string): Promise<Outcome> {
  const began = performance.now();
  const response = await fetch(url);
  const type = response.headers.get('content-type') ?? 'application/json';
  const words = /json|^text\//.test(type) ? await response.text() : type;
  return {
    status: `${response.status} ${response.statusText}`,
    tookMs: Math.round(performance.now() - began),
    traceId: response.headers.get('x-trace-id'),
    body: pretty(words).slice(0, SHOWN),
  };
}

function pretty(words: string): string {
  try {
    return JSON.stringify(JSON.parse(words), null, 2);
  } catch {
    return words;
  }
}
