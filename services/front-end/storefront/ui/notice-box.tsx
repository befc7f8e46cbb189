import { text } from '../i18n/text.ts';
import { TraceLink } from '../trace/trace-link.tsx';
import { CloseIcon } from './icons.tsx';
import type { Notice } from './notice.ts';

export function NoticeBox({ notice, onClose }: { notice: Notice; onClose?: () => void }) {
  const { kind, hint, traceId, action } = notice;
  const error = kind === 'error';
  return (
    <div
      className={`alert ${error ? 'alert-danger' : 'alert-success'}`}
      role={error ? 'alert' : undefined}
    >
      <div className="alert-text">
        <p>{notice.text}</p>
        {hint && <p>{hint}</p>}
        {traceId && (
          <p className="trace">
            {text.frame.trace} <TraceLink traceId={traceId} />
          </p>
        )}
        {action &&
          ('href' in action ? (
            <a className="btn btn-small" href={action.href}>
              {action.text}
            </a>
          ) : (
            <button type="button" className="btn btn-small" onClick={action.run}>
              {action.text}
            </button>
          ))}
      </div>
      {onClose && (
        <button type="button" className="icon-btn" aria-label={text.frame.close} onClick={onClose}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}
