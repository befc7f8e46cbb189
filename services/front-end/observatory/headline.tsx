import { text } from '../storefront/i18n/text.ts';
import type { Traffic } from './api.ts';
import { count, duration, rate, share } from './format.ts';
import { sampleOf, type Sample } from './samples.ts';

const t = text.observatory;

/** How the shop does, in four figures. */
export function Headline({
  traffic,
  samples,
}: {
  traffic: Traffic | undefined;
  samples: readonly Sample[];
}) {
  const now = traffic && sampleOf(traffic);
  const of = (value: (sample: Sample) => number) => samples.map(value);
  return (
    <dl className="headline">
      <Tile
        name={t.requests}
        value={now && rate(now.perSecond)}
        line={of(({ perSecond }) => perSecond)}
      />
      <Tile
        name={t.errors}
        value={now && share(now.errorShare)}
        line={of(({ errorShare }) => errorShare)}
        least={0.05}
        alarm={now !== undefined && now.errorShare > 0}
      />
      <Tile name={t.p95} value={now && duration(now.p95Ms)} line={of(({ p95Ms }) => p95Ms)} />
      <Tile name={t.average} value={now && duration(now.avgMs)} line={of(({ avgMs }) => avgMs)} />
      <Tile
        name={t.spans}
        value={traffic && count(traffic.spans)}
        note={traffic && lastSeconds(traffic)}
      />
    </dl>
  );
}

function lastSeconds({ windowS, coveredS }: Traffic): string {
  return coveredS < windowS * 0.95
    ? t.lastSeconds(Math.round(coveredS))
    : t.lastMinutes(windowS / 60);
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
