import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import type { CSSProperties } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { colourOf } from '../storefront/trace/trace.ts';
import type { Part, PartKind } from './api.ts';
import { duration, rate, share } from './format.ts';
import { healthOf } from './health.ts';
import { errorShareOf } from './samples.ts';

const t = text.observatory;

export type MapPartNode = Node<{ part: Part; chosen: boolean; faint: boolean }, 'part'>;

const icons: Record<Exclude<PartKind, 'service'>, string> = {
  database:
    'M2.6 3.9c0-1.3 2.4-2.3 5.4-2.3s5.4 1 5.4 2.3v8.2c0 1.3-2.4 2.3-5.4 2.3s-5.4-1-5.4-2.3zM2.6 3.9c0 1.3 2.4 2.3 5.4 2.3s5.4-1 5.4-2.3M2.6 8c0 1.3 2.4 2.3 5.4 2.3s5.4-1 5.4-2.3',
  broker: 'M1.8 4.2h12.4v7.6H1.8zM5.9 4.2v7.6M10.1 4.2v7.6',
  browser: 'M1.8 2.8h12.4v10.4H1.8zM1.8 6h12.4M4 4.4h.1M6 4.4h.1',
};

/** A part of the shop: chosen by a click, which the map hears. */
export function MapPart({ data }: NodeProps<MapPartNode>) {
  const { part, chosen, faint } = data;
  const health = healthOf(part);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`part ${part.kind} ${health}${faint ? ' faint' : ''}`}
        style={{ '--own': colourOf(part.name) } as CSSProperties} // React has no type for custom properties
        aria-pressed={chosen}
      >
        <span className="part-name">
          {part.kind !== 'service' && (
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d={icons[part.kind]} />
            </svg>
          )}
          <b>{part.name}</b> <span className="hidden">{t.kinds[part.kind]}</span>
          {part.version && <small>{versionText(part)}</small>}
        </span>
        <span className="part-figures">
          {health === 'quiet' ? (
            t.quiet
          ) : (
            <>
              <span>{rate(part.perSecond)} </span>
              <span>{duration(part.p95Ms)} </span>
              {part.errors > 0 && (
                <span className="failed">
                  <i aria-hidden="true">!</i>
                  {share(errorShareOf(part))}
                  <span className="hidden"> {t.failed}</span>
                </span>
              )}
            </>
          )}
        </span>
        {part.versions && part.versions.length > 1 && (
          <span className="part-versions" aria-hidden="true">
            {part.versions.map(({ version, count }) => (
              <i key={version} style={{ flexGrow: count }} title={version} />
            ))}
          </span>
        )}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

function versionText({ version, versions = [] }: Part): string | undefined {
  return versions.length > 1 ? versions.map((each) => each.version).join(' · ') : version;
}
