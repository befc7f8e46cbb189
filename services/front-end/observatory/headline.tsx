import { text } from '../storefront/i18n/text.ts';
import type { Figures, Traffic } from './api.ts';
import { count, duration, lastSeconds, rate, share } from './format.ts';
import { errorShareOf } from './samples.ts';

const t = text.observatory;

/** How the shop does, in figures of the requests that come to it from outside. */
export function Headline({
  traffic,
  samples,
}: {
  traffic: Traffic | undefined;
  samples: readonly Figures[];
}) {
  const now = traffic?.requests;
  const line = (value: (sample: Figures) => number) => samples.map(value);
  return (
    <dl className="headline">
      <Tile
        name={t.requests}
        value={now && rate(now.perSecond)}
        note={now && `${count(now.count)} ${lastSeconds(traffic)}`}
        line={line(({ perSecond }) => perSecond)}
      />
      <Tile
        name={t.failedRequests}
        value={now && share(errorShareOf(now))}
        note={now && t.ofAll(count(now.errors), count(now.count))}
        line={line(errorShareOf)}
        least={0.05}
        alarm={now !== undefined && now.errors > 0}
      />
      <Tile
        name={t.p95OfRequests}
        value={now && duration(now.p95Ms)}
        line={line(({ p95Ms }) => p95Ms)}
      />
      <Tile
        name={t.averageOfRequests}
        value={now && duration(now.avgMs)}
        line={line(({ avgMs }) => avgMs)}
      />
      <Tile
        name={t.spansOfAll}
        value={traffic && count(traffic.spans)}
        note={traffic && lastSeconds(traffic)}
      />
    </dl>
  );
}

function Tile({
  name,
  value,
  line,
  note,
  least = 0,
  alarm = false,
}: {
  name: string;
  value: string | undefined;
  line?: readonly number[];
  note?: string | undefined;
  /** The top of the line is at least there, so that little does not look like much. */
  least?: number;
  alarm?: boolean;
}) {
  return (
    <div className={alarm ? 'tile alarm' : 'tile'}>
      <dt>{name}</dt>
      <dd>
        <span className="value">{value ?? '–'}</span>
        {note && <span className="note">{note}</span>}
        {line && line.length > 3 && <Line values={line} least={least} />}
      </dd>
    </div>
  );
}

const wide = 120;
const high = 28;

/** The last minutes, without scale: the figure beside it has the value. */
function Line({ values, least }: { values: readonly number[]; least: number }) {
  const top = Math.max(least, ...values) || 1;
  const step = wide / Math.max(values.length - 1, 20);
  const right = wide - (values.length - 1) * step;
  const points = values
    .map((value, index) => `${right + index * step},${high - 2 - (value / top) * (high - 4)}`)
    .join(' ');
  return (
    <svg
      className="line"
      viewBox={`0 0 ${wide} ${high}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polygon points={`${right},${high} ${points} ${wide},${high}`} />
      <polyline points={points} />
    </svg>
  );
}
