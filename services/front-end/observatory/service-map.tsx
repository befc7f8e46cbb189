import '@xyflow/react/dist/base.css';
import { Controls, ReactFlow, ReactFlowProvider, useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import { text } from '../storefront/i18n/text.ts';
import type { Link, Part } from './api.ts';
import { layOut, partSize } from './map-layout.ts';
import { MapLink, type MapLinkEdge } from './map-link.tsx';
import { MapPart, type MapPartNode } from './map-part.tsx';
import { linkKey } from './seen-map.ts';
import { useWidth } from './use-width.ts';

const t = text.observatory;

const nodeTypes = { part: MapPart };
const edgeTypes = { link: MapLink };
/** Narrower than this, the map is not fitted to the window but as wide as it must be, to be scrolled with the page's own gestures. */
const narrowPx = 760;
const narrowScale = 0.8;
const largestScale = 1.15;

interface Props {
  parts: readonly Part[];
  links: readonly Link[];
  /** What is chosen: a part, or with `from` a link. */
  service: string;
  from: string;
  /** Whether the traffic moves. */
  flowing: boolean;
  onChoose: (service: string, from: string) => void;
}

export function ServiceMap(props: Props) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ parts, links, service, from, flowing, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const narrow = width < narrowPx;
  const { fitBounds } = useReactFlow();
  const drawn = useStore((state) => `${state.width} ${state.height}`); // what fitting reckons with

  // Figures change all the time, places only with what is on the map.
  const shape = JSON.stringify([parts.map(({ name }) => name), links.map(linkKey)]);
  const layout = useMemo(() => layOut(parts, links), [shape]);
  const scale = narrow ? narrowScale : Math.min(largestScale, width / layout.width);
  const height = Math.max(220, layout.height * scale);

  /** Not the library's own fitting, which looks at the parts alone: links and their labels reach beyond. */
  const fitAll = () => {
    void fitBounds({ x: 0, y: 0, width: layout.width, height: layout.height }, { padding: 0 });
  };
  useEffect(() => {
    if (width > 0) fitAll();
  }, [layout, width, height, drawn]);

  // What is to be scrolled begins where the shop does.
  useEffect(() => {
    const place = layout.parts.get(doorOf(parts, links));
    if (narrow && place && box.current) box.current.scrollLeft = (place.x - 16) * narrowScale;
  }, [layout, narrow]);

  const near = new Set([service, from]);
  for (const link of links) {
    if (!from && link.from === service) near.add(link.to);
    if (!from && link.to === service) near.add(link.from);
  }
  // Numbers are the ids: a name may be any text, also `__proto__`.
  const numbers = new Map(parts.map(({ name }, index) => [name, String(index)]));
  const nodes = parts.map((part, index): MapPartNode => {
    const chosen = part.name === service && !from;
    return {
      id: String(index),
      type: 'part',
      position: layout.parts.get(part.name) ?? { x: 0, y: 0 },
      ...partSize,
      data: { part, chosen, faint: service !== '' && !near.has(part.name) },
    };
  });
  const edges = links.flatMap((link, index): MapLinkEdge[] => {
    const place = layout.links.get(linkKey(link));
    if (!place) return [];
    const chosen = link.to === service && link.from === from;
    const touched = from ? chosen : link.to === service || link.from === service;
    return [
      {
        id: String(index),
        type: 'link',
        source: numbers.get(link.from) ?? '',
        target: numbers.get(link.to) ?? '',
        data: { link, place, chosen, flowing, faint: service !== '' && !touched },
      },
    ];
  });

  return (
    <div className={narrow ? 'map narrow' : 'map'} ref={box}>
      <div
        className="map-sheet"
        style={{ height, ...(narrow && { minWidth: layout.width * narrowScale }) }}
      >
        <ReactFlow
          aria-label={t.map}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodeClick={(_event, { data }) => {
            onChoose(data.part.name, '');
          }}
          onEdgeClick={(_event, { data }) => {
            if (data) onChoose(data.link.to, data.link.from);
          }}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          panOnDrag={!narrow}
          zoomOnPinch={!narrow}
          zoomOnScroll={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          minZoom={0.3}
          maxZoom={2.5}
        >
          {!narrow && <Controls showInteractive={false} onFitView={fitAll} />}
        </ReactFlow>
      </div>
    </div>
  );
}

/** The first service on the way in. */
function doorOf(parts: readonly Part[], links: readonly Link[]): string {
  const browser = parts.find(({ kind }) => kind === 'browser')?.name;
  return links.find(({ from }) => from === browser)?.to ?? '';
}
