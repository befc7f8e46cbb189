import { text } from '../storefront/i18n/text.ts';
import { ServiceDot } from '../storefront/trace/waterfall.tsx';
import type { Work } from './api.ts';
import { Bar } from './bar.tsx';
import { count, duration, rate, share } from './format.ts';
import { errorShareOf } from './samples.ts';
import { SortableHead, sorted, useSorting, type Column } from './sortable.tsx';

const t = text.observatory;

const numbers: Column<Work>[] = [
  { id: 'rate', name: t.rate, value: ({ perSecond }) => perSecond, numeric: true },
  { id: 'errors', name: t.errors, value: errorShareOf, numeric: true },
  { id: 'average', name: t.average, value: ({ avgMs }) => avgMs, numeric: true },
  { id: 'p95', name: t.p95, value: ({ p95Ms }) => p95Ms, numeric: true },
  { id: 'max', name: t.max, value: ({ maxMs }) => maxMs, numeric: true },
];
const service: Column<Work> = { id: 'service', name: t.service, value: (work) => work.service };
const routeColumns: Column<Work>[] = [
  { id: 'name', name: t.route, value: ({ name }) => name },
  service,
  ...numbers,
];
const callColumns: Column<Work>[] = [
  { id: 'name', name: t.call, value: ({ name }) => name },
  { id: 'service', name: t.fromTo, value: (work) => `${work.service} ${work.target ?? ''}` },
  ...numbers,
];

export function WorkTable({
  rows,
  ofRoutes,
  onRoute,
}: {
  rows: readonly Work[];
  ofRoutes: boolean;
  /** Shows its traces. */
  onRoute: (work: Work) => void;
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
            <tr key={JSON.stringify([work.service, work.target, work.name])}>
              <th scope="row">
                <button
                  type="button"
                  className="plain"
                  title={t.showTraces}
                  onClick={() => {
                    onRoute(work);
                  }}
                >
                  {work.name}
                </button>
              </th>
              <td className="muted">
                <ServiceDot service={work.service} /> {work.service}
                {work.target && ` → ${work.target}`}
              </td>
              <td className="number">{rate(work.perSecond)}</td>
              <td className={work.errors > 0 ? 'number failed' : 'number'}>
                {work.errors > 0 ? `${count(work.errors)} · ${share(errorShareOf(work))}` : '0'}
              </td>
              <td className="number">{duration(work.avgMs)}</td>
              <td className="number">
                {duration(work.p95Ms)}
                <Bar ms={work.avgMs} toMs={work.p95Ms} topMs={topMs} />
              </td>
              <td className="number">{duration(work.maxMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
