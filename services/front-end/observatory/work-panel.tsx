import { text } from '../storefront/i18n/text.ts';
import type { Traffic, Work } from './api.ts';
import { Choice } from './choice.tsx';
import { changeView, type View } from './view.ts';
import { WorkTable } from './work-table.tsx';

const t = text.observatory;

/** Throughput, errors and times of each route, and of each call to a database or the broker. */
export function WorkPanel({ traffic, view }: { traffic: Traffic | undefined; view: View }) {
  const { service, from, tab } = view;
  const kind = traffic?.services.find(({ name }) => name === service)?.kind ?? 'service';
  const called = traffic?.edges.filter((link) => link.from === service).map(({ to }) => to);
  const shown = (work: Work): boolean => {
    if (!service) return true;
    if (kind === 'service') return work.service === service;
    if (kind === 'browser') return called?.includes(work.service) ?? false; // has no routes itself
    return work.target === service && (!from || work.service === from);
  };
  const routes = traffic?.routes.filter(shown) ?? [];
  const calls = traffic?.calls.filter(shown) ?? [];
  const tables = {
    routes,
    databases: calls.filter(({ kind }) => kind === 'database'),
    broker: calls.filter(({ kind }) => kind === 'broker'),
  };
  // A database or broker that was chosen on the map has no routes.
  const first = ([tab, 'routes', 'databases', 'broker'] as const).find(
    (name) => tables[name].length > 0,
  );
  const open = kind === 'database' || kind === 'broker' ? (first ?? tab) : tab;
  return (
    <section className="panel" aria-labelledby="work-title">
      <div className="panel-head">
        <h2 id="work-title">{t.performance}</h2>
        <Choice
          label={t.performance}
          value={open}
          options={[
            ['routes', t.tab(t.routes, tables.routes.length)],
            ['databases', t.tab(t.databases, tables.databases.length)],
            ['broker', t.tab(t.broker, tables.broker.length)],
          ]}
          onChoose={(next: View['tab']) => {
            changeView({ tab: next });
          }}
        />
        <ServiceFilter service={service} names={traffic?.services.map(({ name }) => name) ?? []} />
      </div>
      {traffic ? (
        <WorkTable
          key={open}
          rows={tables[open]}
          ofRoutes={open === 'routes'}
          onRoute={({ service: of, name }) => {
            changeView({ service: of, from: '', name });
          }}
        />
      ) : (
        <p className="wait">{t.loading}</p>
      )}
    </section>
  );
}

function ServiceFilter({ service, names }: { service: string; names: readonly string[] }) {
  return (
    <label className="service-filter">
      <span className="hidden">{t.ofService}</span>
      <select
        value={service}
        onChange={({ target }) => {
          changeView({ service: target.value, from: '' });
        }}
      >
        <option value="">{t.allServices}</option>
        {[...new Set([...names, ...(service ? [service] : [])])].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
