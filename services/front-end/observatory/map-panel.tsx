import { text } from '../storefront/i18n/text.ts';
import type { Traffic } from './api.ts';
import { lastSeconds } from './format.ts';
import { MapTable } from './map-table.tsx';
import { ServiceMap } from './service-map.tsx';
import { changeView, type View } from './view.ts';

const t = text.observatory;

export function MapPanel({
  traffic,
  view,
  live,
}: {
  traffic: Traffic | undefined;
  view: View;
  live: boolean;
}) {
  return (
    <section className="panel map-panel" aria-labelledby="map-title">
      <div className="panel-head">
        <h2 id="map-title">{t.map}</h2>
        <ul className="legend">
          <li>
            <LegendLine health="well" /> {t.legendWell}
          </li>
          <li>
            <LegendLine health="some" /> {t.legendSome}
          </li>
          <li>
            <LegendLine health="many" /> {t.legendMany}
          </li>
          <li>{t.legendWidth}</li>
        </ul>
        {view.service && (
          <button
            type="button"
            className="chip"
            onClick={() => {
              changeView({ service: '', from: '' });
            }}
          >
            {view.from ? `${view.from} → ${view.service}` : view.service}
            <span aria-hidden="true">×</span>
            <span className="hidden">{t.showAll}</span>
          </button>
        )}
      </div>
      {traffic ? (
        <>
          <p className="counts">{t.countsMap(lastSeconds(traffic))}</p>
          <ServiceMap
            parts={traffic.services}
            links={traffic.edges}
            service={view.service}
            from={view.from}
            flowing={live}
            onChoose={(service, from) => {
              const same = service === view.service && from === view.from;
              changeView(same ? { service: '', from: '' } : { service, from });
            }}
          />
          <MapTable parts={traffic.services} links={traffic.edges} />
        </>
      ) : (
        <p className="wait">{t.loading}</p>
      )}
    </section>
  );
}

function LegendLine({ health }: { health: string }) {
  return (
    <svg viewBox="0 0 28 8" className={`legend-line ${health}`} aria-hidden="true">
      <path d="M0 4h28" />
    </svg>
  );
}
