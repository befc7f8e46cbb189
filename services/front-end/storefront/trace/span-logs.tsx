import { text } from '../i18n/text.ts';
import type { Loaded } from '../ui/use-load.ts';
import { durationText, type TraceLogs } from './trace.ts';

const words = text.drawer;

interface Props {
  spanId: string;
  service: string;
  /** Since 1970. */
  traceStartMs: number;
  logs: Loaded<TraceLogs | undefined>;
}

/** The lines that a service logged in a span. Nothing where no logs are kept. */
export function SpanLogs({ spanId, service, traceStartMs, logs: { data, error, waiting } }: Props) {
  if (data?.kept === false) return null;
  const lines = data?.lines.filter(
    (line) => line.spanId === spanId && line.service.toLowerCase() === service, // both ends of a B3 call share an id
  );
  return (
    <section className="sd-logs">
      <h4>{words.logLines}</h4>
      {lines === undefined && error === undefined && <p>{words.loading}</p>}
      {lines === undefined && error !== undefined && <p>{words.logsUnavailable}</p>}
      {lines?.length === 0 && <p>{waiting ? words.loading : words.none}</p>}
      {lines !== undefined && lines.length > 0 && (
        <ol>
          {lines.map((line, index) => (
            <li key={index} className={`sd-${line.level}`}>
              <span className="sd-at">
                {durationText(Math.max(0, line.atMs - traceStartMs) * 1000)}
              </span>{' '}
              <b>{line.level}</b> {line.message || words.hiddenMessage}{' '}
              {Object.entries(line.fields).map(([name, value]) => (
                <span key={name} className="sd-field">
                  {name}={value}{' '}
                </span>
              ))}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
