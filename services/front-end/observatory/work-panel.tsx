import { text } from '../storefront/i18n/text.ts';
import type { Call, Traffic } from './api.ts';
import { Choice } from './choice.tsx';
import { lastSeconds } from './format.ts';
import { ServiceSelect } from './service-select.tsx';
import { changeView, type View } from './view.ts';
import { WorkTable, type Work } from './work-table.tsx';

const t = text.observatory;

/** Throughput, errors and times of each route, and of each call to a database or the broker; of an edge of the map, of its calls. */
export function WorkPanel({ traffic, view }: { traffic: Traffic | undefined; view: View }) {
  const { service, from, tab } = view;
  const tables = traffic && tablesOf(traffic, service, from);
  const rows = tables ?? { routes: [], databases: [], broker: [] };
  const ofEdge = rows.routes.some((work) => 'from' in work);
  // A part or an edge that was chosen on the map may have none of these.
  const first = ([tab, 'routes', 'databases', 'broker'] as const).find(
    (name) => rows[name].length > 0,
  );
  const open = service ? (first ?? tab) : tab;
  return (
    <section className="panel" aria-labelledby="work-title">
      <div className="panel-head">
        <h2 id="work-title">{t.performance}</h2>
        <Choice
          label={t.performance}
          value={open}
          options={[
            ['routes', t.tab(ofEdge ? t.calls : t.routes, rows.routes.length)],
            ['databases', t.tab(t.databases, rows.databases.length)],
            ['broker', t.tab(t.broker, rows.broker.length)],
          ]}
          onChoose={(next: View['tab']) => {
            changeView({ tab: next });
          }}
        />
        <ServiceFilter view={view} names={traffic?.services.map(({ name }) => name) ?? []} />
      </div>
      {traffic ? (
        <>
          <p className="counts">
            {(open === 'routes' && !ofEdge ? t.countsRoutes : t.countsCalls)(lastSeconds(traffic))}
          </p>
          <WorkTable
            key={`${open} ${ofEdge}`}
            rows={rows[open]}
            ofRoutes={open === 'routes' && !ofEdge}
            onChoose={(work) => {
              changeView(tracesOf(work));
            }}
          />
        </>
      ) : (
        <p className="wait">{t.loading}</p>
      )}
    </section>
  );
}

/** What is handled or called by the chosen part, or is the chosen edge. */
function tablesOf({ services, routes, calls }: Traffic, service: string, from: string) {
  const kind = services.find(({ name }) => name === service)?.kind ?? 'service';
  const isShown = (call: Call): boolean => {
    if (!service) return true;
    if (from) return call.to === service && call.from === from && !call.inProcess;
    return call.from === service || (call.to === service && call.kind !== 'http');
  };
  const shown = calls.filter(isShown);
  const ofKind = (wanted: Call['kind']) => shown.filter((call) => call.kind === wanted);
  const ownRoutes: Work[] = routes.filter((route) => !service || route.service === service);
  return {
    // Browsers have no routes themselves.
    routes: from || kind === 'browser' ? ofKind('http') : ownRoutes,
    databases: ofKind('database'),
    broker: ofKind('broker'),
  };
}

/** The search that finds what a row counts. */
function tracesOf(work: Work): Pick<View, 'service' | 'from' | 'name'> {
  const { name } = work;
  if (!('from' in work)) return { service: work.service, from: '', name };
  if (work.inProcess) return { service: work.from, from: '', name };
  return { service: work.to, from: work.from, name };
}

function ServiceFilter({ view, names }: { view: View; names: readonly string[] }) {
  return (
    <label className="service-filter">
      <span className="hidden">{t.ofService}</span>
      <ServiceSelect view={view} names={names} />
    </label>
  );
}
