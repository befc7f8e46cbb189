import type { CSSProperties } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { colourOf } from '../storefront/trace/trace.ts';
import { ServiceDot } from '../storefront/trace/waterfall.tsx';
import type { Figures, Mesh, Part, Traffic } from './api.ts';
import { count, duration, errorText, lastSeconds, rate, share } from './format.ts';
import { MeshCommands } from './mesh-commands.tsx';
import { ServiceSelect } from './service-select.tsx';
import type { Polled } from './use-poll.ts';
import type { View } from './view.ts';

const t = text.observatory;

type Version = NonNullable<Part['versions']>[number];

interface Props {
  traffic: Traffic | undefined;
  view: View;
  /** Undefined where its commands are not for this page. */
  mesh: Polled<Mesh> | undefined;
}

/** Versions side by side: of the chosen service, or of all that have several versions or instances. With the mesh also its commands. */
export function VersionsPanel({ traffic, view, mesh }: Props) {
  const chosen = view.from ? '' : view.service;
  const parts = (traffic?.services ?? []).filter(({ name, versions = [] }) =>
    chosen
      ? name === chosen && versions.length > 0
      : versions.length > 1 || versions.some(({ instances }) => instances.length > 1),
  );
  const ofMesh = mesh?.data?.services.find(({ name }) => name === chosen);
  if (!traffic || (parts.length === 0 && !mesh)) return null;
  return (
    <section className="panel versions" aria-labelledby="versions-title">
      <div className="panel-head">
        <h2 id="versions-title">{t.versions}</h2>
        {mesh?.data && (
          <label className="service-filter">
            <span className="hidden">{t.ofService}</span>
            <ServiceSelect view={view} names={mesh.data.services.map(({ name }) => name)} />
          </label>
        )}
      </div>
      <p className="counts">{t.countsVersions(lastSeconds(traffic))}</p>
      {parts.length > 0 && <VersionTable parts={parts} mesh={mesh?.data} />}
      {mesh &&
        (ofMesh ? (
          <MeshCommands key={ofMesh.name} service={ofMesh} />
        ) : (
          <p className="wait">
            {mesh.error === undefined ? t.chooseService : t.launcherUnavailable}
          </p>
        ))}
      {mesh?.data && mesh.data.events.length > 0 && <Events events={mesh.data.events} />}
    </section>
  );
}

function VersionTable({ parts, mesh }: { parts: readonly Part[]; mesh: Mesh | undefined }) {
  return (
    <div className="scroll" role="region" aria-label={t.versionFigures} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.version}</th>
            <th scope="col">{t.share}</th>
            <th scope="col">{t.rate}</th>
            <th scope="col">{t.errors}</th>
            <th scope="col">{t.p95}</th>
            <th scope="col">{t.average}</th>
            <th scope="col">{t.count}</th>
          </tr>
        </thead>
        <tbody>
          {parts.flatMap((part) =>
            (part.versions ?? []).flatMap((version) => [
              <VersionRow
                key={`${part.name} ${version.version}`}
                part={part}
                version={version}
                mesh={mesh}
              />,
              ...version.instances.map((instance) => (
                <tr key={`${part.name} ${version.version} ${instance.name}`} className="instance">
                  <th scope="row" title={instance.name}>
                    {instance.name}
                  </th>
                  <Cells part={part} figures={instance} />
                </tr>
              )),
            ]),
          )}
        </tbody>
      </table>
    </div>
  );
}

function VersionRow({
  part,
  version,
  mesh,
}: {
  part: Part;
  version: Version;
  mesh: Mesh | undefined;
}) {
  const set = mesh?.services
    .find(({ name }) => name === part.name)
    ?.versions.find((each) => each.version === version.version)?.share;
  return (
    <tr>
      <th scope="row">
        <ServiceDot service={part.name} /> {part.name} <b>{version.version}</b>
      </th>
      <Cells part={part} figures={version} set={set} />
    </tr>
  );
}

interface CellsProps {
  part: Part;
  figures: Figures;
  /** The share that the mesh gives it, in percent. */
  set?: number | undefined;
}

function Cells({ part, figures, set }: CellsProps) {
  const measured = part.count === 0 ? 0 : figures.count / part.count;
  const style = { '--own': colourOf(part.name), '--share': `${measured * 100}%` } as CSSProperties; // React has no type for custom properties
  return (
    <>
      <td>
        <span className="share-bar" style={style} aria-hidden="true" /> {share(measured)}
        {set !== undefined && <small className="muted"> {t.shareSet(set)}</small>}
      </td>
      <td>{rate(figures.perSecond)}</td>
      <td className={figures.errors > 0 ? 'failed' : ''}>{errorText(figures)}</td>
      <td>{duration(figures.p95Ms)}</td>
      <td>{duration(figures.avgMs)}</td>
      <td>{count(figures.count)}</td>
    </>
  );
}

const shownEvents = 6;

function Events({ events }: { events: Mesh['events'] }) {
  const newest = events.slice(-shownEvents).reverse();
  return (
    <>
      <h3>{t.meshEvents}</h3>
      <ol className="mesh-events">
        {newest.map(({ at, service, says }, index) => (
          <li key={index}>
            <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time> <b>{service}</b> {says}
          </li>
        ))}
      </ol>
    </>
  );
}
