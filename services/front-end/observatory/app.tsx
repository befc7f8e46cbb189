import { useEffect, useState } from 'react';
import { ErrorBoundary } from '../storefront/frame/error-boundary.tsx';
import { useTitle } from '../storefront/frame/use-title.ts';
import { text } from '../storefront/i18n/text.ts';
import {
  ResponseError,
  findTraces,
  getConfig,
  getMesh,
  getTraffic,
  type Figures,
  type Mesh,
  type Traffic,
} from './api.ts';
import { Header } from './header.tsx';
import { Headline } from './headline.tsx';
import { MapPanel } from './map-panel.tsx';
import { NoTraffic } from './no-traffic.tsx';
import { SeenMap } from './seen-map.ts';
import { TracePanel } from './trace-panel.tsx';
import { TraceSheet } from './trace-sheet.tsx';
import { addSample } from './samples.ts';
import { usePoll } from './use-poll.ts';
import { VersionsPanel } from './versions-panel.tsx';
import { changeView, isUser, useView, type View } from './view.ts';
import { WorkPanel } from './work-panel.tsx';

const t = text.observatory;
const noMesh: Mesh = { services: [], events: [] };

export function App() {
  const view = useView();
  useTitle(
    view.trace && `${t.trace} ${view.trace.slice(0, 8)}`,
    view.name,
    [view.from, view.service].filter(Boolean).join(' → '),
    t.title,
  );
  const [live, setLive] = useState(true);
  const [seen] = useState(() => new SeenMap());
  const [samples, setSamples] = useState<Figures[]>([]);
  const config = usePoll(getConfig, '', false);
  const traffic = usePoll(
    async (signal) => {
      const answer = await getTraffic(view.windowS, signal);
      setSamples((before) => addSample(before, answer));
      return seen.add(answer);
    },
    String(view.windowS),
    live,
  );
  const query = {
    ...placeOf(view, traffic.data),
    name: view.name.trim().toLowerCase(), // as Zipkin keeps names
    minDurationMs: view.minDurationMs,
    error: view.errors,
    user: isUser(view.user) ? view.user : '', // else still being typed
    sort: view.sort,
  };
  const traces = usePoll((signal) => findTraces(query, signal), JSON.stringify(query), live);
  const mesh = usePoll(
    async (signal) => (config.data?.mesh ? getMesh(signal) : noMesh),
    String(config.data?.mesh),
    live && config.data?.mesh === true,
  );
  const error = traffic.error ?? traces.error;
  const now = traffic.data;
  const idle = now?.spans === 0 && now.services.length === 0;

  useEffect(() => {
    setSamples([]); // of another window: not to be compared
  }, [view.windowS]);

  return (
    <>
      <a className="skip" href="#content">
        {text.frame.skip}
      </a>
      <Header
        live={live}
        failing={error !== undefined}
        atMs={traffic.atMs}
        windowS={view.windowS}
        zipkinUrl={config.data?.zipkinUrl}
        onLive={setLive}
      />
      <main id="content" tabIndex={-1}>
        <h1 className="hidden">{t.title}</h1>
        <div role="status">
          {error !== undefined && <p className="unavailable">{why(error)}</p>}
        </div>
        {idle ? (
          <NoTraffic />
        ) : (
          <>
            <ErrorBoundary>
              <Headline traffic={now} samples={samples} />
            </ErrorBoundary>
            <ErrorBoundary>
              <MapPanel traffic={now} view={view} live={live} />
            </ErrorBoundary>
          </>
        )}
        <ErrorBoundary>
          <VersionsPanel traffic={now} view={view} mesh={config.data?.mesh && mesh} />
        </ErrorBoundary>
        {(!idle || (traces.data?.traces.length ?? 0) > 0) && (
          <div className="columns">
            <ErrorBoundary>
              <WorkPanel traffic={now} view={view} />
            </ErrorBoundary>
            <ErrorBoundary>
              <TracePanel traces={traces} view={view} traffic={now} />
            </ErrorBoundary>
          </div>
        )}
      </main>
      {view.trace && (
        <ErrorBoundary key={view.trace}>
          <TraceSheet
            traceId={view.trace}
            zipkinUrl={config.data?.zipkinUrl}
            onClose={() => {
              changeView({ trace: '' });
            }}
          />
        </ErrorBoundary>
      )}
    </>
  );
}

/** Databases and brokers make no spans: their callers do. */
function placeOf(view: View, traffic: Traffic | undefined) {
  const { service, from } = view;
  const kind = traffic?.services.find(({ name }) => name === service)?.kind;
  if (from) return { service: '', from, to: service };
  if (kind === 'database' || kind === 'broker') return { service: '', from: '', to: service };
  return { service, from: '', to: '' };
}

function why(error: unknown): string {
  const status = error instanceof ResponseError ? error.status : 0;
  if (status === 503) return t.storeUnavailable;
  return status === 0 ? t.noAnswer : t.wrongAnswer(status);
}
