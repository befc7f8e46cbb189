import type { Notice } from './notice.ts';

export function NoticeBox({ notice, onClose }: { notice: Notice; onClose?: () => void }) {
  const error = notice.kind === 'error';
  return (
    <div
      className={`alert ${error ? 'alert-danger' : 'alert-success'}`}
      role={error ? 'alert' : undefined}
    >
      <div>
        {notice.text}
        {notice.traceId && (
          <small className="trace">
            Trace <code>{notice.traceId}</code>
          </small>
        )}
      </div>
      {onClose && (
        <button type="button" className="close" aria-label="Close" onClick={onClose}>
          ×
        </button>
      )}
    </div>
  );
}
