import { EdgeLabelRenderer, type Edge, type EdgeProps } from '@xyflow/react';
import { text } from '../storefront/i18n/text.ts';
import type { Link } from './api.ts';
import { duration, rate, share } from './format.ts';
import { healthOf } from './health.ts';
import type { LinkPlace } from './map-layout.ts';
import { errorShareOf } from './samples.ts';
import { linkId } from './seen-map.ts';

const t = text.observatory;

export type MapLinkEdge = Edge<
  { link: Link; place: LinkPlace; chosen: boolean; faint: boolean; flowing: boolean },
  'link'
>;

/** Calls from one part to another. Its label is the button, also for the keyboard; a click on the line does the same. */
export function MapLink({ data }: EdgeProps<MapLinkEdge>) {
  if (!data) return null;
  const { link, place, chosen, faint, flowing } = data;
  const { path, label, end, angle } = place;
  const health = healthOf(link);
  const width = widthOf(link.perSecond);
  const failed = link.errors > 0 && `${share(errorShareOf(link))} ${t.failed}`;
  const state = `link ${health}${chosen ? ' chosen' : ''}${faint ? ' faint' : ''}`;
  const says = health === 'quiet' ? [t.quiet] : [rate(link.perSecond), duration(link.p95Ms)];
  const head = Math.max(5, width * 1.5);
  return (
    <>
      <g className={state}>
        <path className="reach" d={path} />
        <path className="way" d={path} strokeWidth={width} />
        {flowing && health !== 'quiet' && (
          <path
            className="flow"
            d={path}
            strokeWidth={width * 0.5 + 1.2}
            style={{ animationDuration: `${secondsPerStep(link.perSecond)}s` }}
          />
        )}
        <path
          className="head"
          d={`M${-head - 2},${-head * 0.75}L0,0L${-head - 2},${head * 0.75}z`}
          transform={`translate(${end.x},${end.y}) rotate(${angle})`}
        />
      </g>
      <EdgeLabelRenderer>
        <button
          type="button"
          className={`label ${state}`}
          style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
          aria-pressed={chosen}
        >
          <span className="hidden">{linkId(link)} </span>
          {says.map((line, index) => (
            <span key={line} className={index > 0 ? 'muted' : ''}>
              {line}{' '}
            </span>
          ))}
          {failed && <span className="failed">{failed}</span>}
        </button>
      </EdgeLabelRenderer>
    </>
  );
}

/** The same rate has the same width whatever else is on the map; ten times as much adds some five pixels. */
function widthOf(perSecond: number): number {
  return Math.min(11, 1.3 + 1.55 * Math.log2(1 + perSecond));
}

/** How fast it flows, in few steps: each change of it is a jump. */
function secondsPerStep(perSecond: number): number {
  if (perSecond < 0.5) return 3.2;
  if (perSecond < 3) return 2;
  return perSecond < 15 ? 1.2 : 0.7;
}
