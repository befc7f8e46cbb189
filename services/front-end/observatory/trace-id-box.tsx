import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { ResponseError, getTrace } from './api.ts';
import { changeView, parseTraceId } from './view.ts';

const t = text.observatory;

/** Opens the trace whose id is typed or pasted there, such as from a line of a log. */
export function TraceIdBox() {
  const [typed, setTyped] = useState('');
  const [mistake, setMistake] = useState('');
  const open = async (): Promise<void> => {
    const traceId = parseTraceId(typed);
    if (traceId === undefined) {
      setMistake(t.noTraceId);
      return;
    }
    try {
      const trace = await getTrace(traceId);
      setMistake('');
      changeView({ trace: trace.traceId });
    } catch (error) {
      const unknown = error instanceof ResponseError && error.status === 404;
      setMistake(unknown ? t.traceGone : t.storeUnavailable);
    }
  };
  return (
    <form
      className="trace-id"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <label>
        <span className="hidden">{t.traceId}</span>
        <input
          value={typed}
          placeholder={t.traceId}
          maxLength={300}
          aria-invalid={mistake !== ''}
          aria-describedby="trace-id-mistake"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            setTyped(target.value);
            setMistake('');
          }}
        />
      </label>
      <button className="button">{t.openTrace}</button>
      <p id="trace-id-mistake" className="mistake" role="status">
        {mistake}
      </p>
    </form>
  );
}
