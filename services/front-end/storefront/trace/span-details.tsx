import { text } from '../i18n/text.ts';
import type { Loaded } from '../ui/use-load.ts';
import { SpanLogs } from './span-logs.tsx';
import { browserService, durationText, type Row, type TraceLogs } from './trace.ts';

const words = text.drawer;

interface Props {
  row: Row;
  /** Since 1970. */
  traceStartMs: number;
  logs: Loaded<TraceLogs | undefined>;
}

/** What a span has to tell: its place in the trace, its tags, its events, and what the service logged in it. */
export function SpanDetails({ row: { span, waitUs, orphan }, traceStartMs, logs }: Props) {
  const facts: [string, string][] = [
    [words.service, span.service],
    ...fact(words.remoteService, span.remoteService),
    ...fact(words.kind, span.kind),
    [words.startsAt, durationText(span.startUs)],
    [words.duration, durationText(span.durationUs)],
    ...fact(words.inQueue, waitUs === undefined ? undefined : durationText(waitUs)),
    [words.spanId, span.id],
  ];
  const tags = Object.entries(span.tags)
    .filter(([name]) => name !== 'error')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    <div className="span-details">
      {span.error !== undefined && (
        <p className="sd-error">
          <strong>{words.failed}</strong>
          {span.error !== '' && `: ${span.error}`}
        </p>
      )}
      {orphan && <p className="sd-orphan">{words.orphan}</p>}
      <Facts title={words.spanFacts} entries={facts} />
      <Facts title={words.tags} entries={tags} />
      {span.logs.length > 0 && (
        <Facts
          title={words.events}
          entries={span.logs.map(({ atUs, value }) => [durationText(atUs), value])}
        />
      )}
      {span.service !== browserService && (
        <SpanLogs spanId={span.id} service={span.service} traceStartMs={traceStartMs} logs={logs} />
      )}
    </div>
  );
}

function Facts({ title, entries }: { title: string; entries: [string, string][] }) {
  return (
    <section>
      <h4>{title}</h4>
      {entries.length === 0 && <p>{words.none}</p>}
      {entries.length > 0 && (
        <dl>
          {entries.map(([name, value], index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function fact(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
