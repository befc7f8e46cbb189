import { text } from '../storefront/i18n/text.ts';
import { ServiceDot } from '../storefront/trace/waterfall.tsx';
import type { Call, Route } from './api.ts';
import { Bar } from './bar.tsx';
import { count, duration, errorText, rate } from './format.ts';
import { errorShareOf } from './samples.ts';
import { SortableHead, sorted, useSorting, type Column } from './sortable.tsx';

const t = text.observatory;

/** A route of a service, or the calls of one name from one part to another. */
export type Work = Route | Call;

/** Those that matter most come first: a phone shows three. */
const numbers: Column<Work>[] = [
  { id: 'rate', name: t.rate, value: ({ perSecond }) => perSecond, numeric: true },
  { id: 'errors', name: t.errors, value: errorShareOf, numeric: true },
  { id: 'p95', name: t.p95, value: ({ p95Ms }) => p95Ms, numeric: true },
  { id: 'average', name: t.average, value: ({ avgMs }) => avgMs, numeric: true },
  { id: 'count', name: t.count, value: ({ count }) => count, numeric: true },
  { id: 'max', name: t.max, value: ({ maxMs }) => maxMs, numeric: true },
];
const routeColumns: Column<Work>[] = [
  { id: 'name', name: t.route, value: ({ name }) => name },
  { id: 'place', name: t.service, value: placeOf },
  ...numbers,
];
const callColumns: Column<Work>[] = [
  { id: 'name', name: t.call, value: ({ name }) => name },
  { id: 'place', name: t.fromTo, value: placeOf },
  ...numbers,
];

export function WorkTable({
  rows,
  ofRoutes,
  onChoose,
}: {
  rows: readonly Work[];
  ofRoutes: boolean;
  /** Shows its traces. */
  onChoose: (work: Work) => void;
}) {
  const [sorting, sortBy] = useSorting('rate');
  const columns = ofRoutes ? routeColumns : callColumns;
  const topMs = Math.max(0, ...rows.map(({ p95Ms }) => p95Ms));
  if (rows.length === 0) return <p className="wait">{ofRoutes ? t.noRoutes : t.noCalls}</p>;
  return (
    <div className="scroll tall">
      <table className="work">
        <SortableHead columns={columns} sorting={sorting} onSort={sortBy} />
        <tbody>
          {sorted(rows, columns, sorting).map((work) => (
            <tr key={JSON.stringify([placeOf(work), work.name])}>
              <th scope="row">
                <button
                  type="button"
                  className="plain"
                  title={t.showTraces}
                  onClick={() => {
                    onChoose(work);
                  }}
                >
                  {work.name}
                </button>
                <small className="muted narrow-place">
                  <Place work={work} />
                </small>
              </th>
              <td className="muted place">
                <Place work={work} />
              </td>
              <td className="number">{rate(work.perSecond)}</td>
              <td className={work.errors > 0 ? 'number failed' : 'number'}>{errorText(work)}</td>
              <td className="number">
                {duration(work.p95Ms)}
                <Bar ms={work.avgMs} toMs={work.p95Ms} topMs={topMs} />
              </td>
              <td className="number">{duration(work.avgMs)}</td>
              <td className="number">{count(work.count)}</td>
              <td className="number">{duration(work.maxMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Place({ work }: { work: Work }) {
  return (
    <>
      <ServiceDot service={'from' in work ? work.from : work.service} /> {placeOf(work)}
    </>
  );
}

function placeOf(work: Work): string {
  return 'from' in work ? `${work.from} → ${work.to}` : work.service;
}
