import { language, text } from '../i18n/text.ts';
import type { MyAction } from './my-actions.ts';
import { durationText } from './trace.ts';
import { ErrorMark, ServiceDot } from './waterfall.tsx';

const words = text.drawer;
const time = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
  timeStyle: 'medium',
});

interface Props {
  actions: MyAction[];
  loading: boolean;
  live: boolean;
  chosen: string | undefined;
  onChoose: (traceId: string) => void;
}

export function ActionList({ actions, loading, live, chosen, onChoose }: Props) {
  if (actions.length === 0)
    return <p className="td-none">{loading ? words.loading : words.empty}</p>;
  return (
    <ul className="td-list" aria-label={words.title}>
      {actions.map((action) => (
        <li key={action.traceId}>
          <button
            type="button"
            className={action.page ? 'td-page' : undefined}
            aria-current={action.traceId === chosen ? 'true' : undefined}
            onClick={() => {
              onChoose(action.traceId);
            }}
          >
            <span className="td-name">
              {action.name} {action.failed && <ErrorMark />}
            </span>
            <span className="td-duration">
              {action.durationMs !== undefined && durationText(action.durationMs * 1000)}
            </span>
            <span className="td-facts">
              <time dateTime={new Date(action.startMs).toISOString()}>
                {time.format(action.startMs)}
              </time>
              {action.trace && <span>{words.spans(action.trace.spans)}</span>}
              {!action.trace && live && (
                <span className="td-pending">
                  {action.durationMs === undefined ? words.running : words.arriving}
                </span>
              )}
            </span>
            {action.trace && (
              <span className="td-dots">
                {action.trace.services.map((service) => (
                  <ServiceDot key={service} service={service} />
                ))}
                <span className="hidden">{action.trace.services.join(', ')}</span>
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
