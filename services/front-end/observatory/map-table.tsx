import { text } from '../storefront/i18n/text.ts';
import type { Figures, Link, Part } from './api.ts';
import { count, duration, errorText, rate } from './format.ts';
import { linkId } from './seen-map.ts';

const t = text.observatory;

/** All that the map says, for those who do not see it, and to copy from. */
export function MapTable({ parts, links }: { parts: readonly Part[]; links: readonly Link[] }) {
  return (
    <details className="map-table">
      <summary>{t.mapAsTable}</summary>
      <div className="map-tables">
        <FiguresTable
          caption={t.parts}
          rows={parts.map((part) => ({
            ...part,
            title: part.name,
            more: [t.kinds[part.kind], part.version].filter(Boolean).join(' '),
          }))}
        />
        <FiguresTable
          caption={t.links}
          rows={links.map((link) => ({ ...link, title: linkId(link), more: '' }))}
        />
      </div>
    </details>
  );
}

function FiguresTable({
  caption,
  rows,
}: {
  caption: string;
  rows: readonly (Figures & { title: string; more: string })[];
}) {
  return (
    <div className="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{t.rate}</th>
            <th scope="col">{t.count}</th>
            <th scope="col">{t.errors}</th>
            <th scope="col">{t.average}</th>
            <th scope="col">{t.p95}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, more, ...figures }, index) => (
            <tr key={index}>
              <th scope="row">
                {title} {more && <span className="muted">{more}</span>}
              </th>
              <td>{rate(figures.perSecond)}</td>
              <td>{count(figures.count)}</td>
              <td>{errorText(figures)}</td>
              <td>{figures.count > 0 ? duration(figures.avgMs) : '–'}</td>
              <td>{figures.count > 0 ? duration(figures.p95Ms) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
