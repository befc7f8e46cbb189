import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre';
import type { Link, Part } from './api.ts';
import { linkKey } from './seen-map.ts';

export interface Point {
  x: number;
  y: number;
}

export interface LinkPlace {
  /** An SVG path. */
  path: string;
  label: Point;
  end: Point;
  /** Which way the arrow looks, in degrees: 0 is to the right. */
  angle: number;
}

export interface MapLayout {
  /** Top left corners. */
  parts: Map<string, Point>;
  links: Map<string, LinkPlace>;
  width: number;
  height: number;
}

export const partSize = { width: 168, height: 62 };
const labelSize = { width: 62, height: 46 };
/** Between the ends of links at one side of a part. */
const portGap = 11;
const margin = 22;

/** In layers from left to right, along the way of the calls. The same parts and links always get the same places. */
export function layOut(
  parts: readonly Pick<Part, 'name'>[],
  links: readonly Pick<Link, 'from' | 'to'>[],
): MapLayout {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 20,
    ranksep: 72,
    edgesep: 14,
    marginx: margin,
    marginy: margin,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  // The library keeps its nodes in plain objects, where a part called `__proto__` would be none: it gets numbers.
  const numbers = new Map(parts.map(({ name }, index) => [name, String(index)]));
  const known = links.filter(({ from, to }) => numbers.has(from) && numbers.has(to));
  const numberOf = (name: string) => numbers.get(name) ?? '';
  for (const number of numbers.values()) graph.setNode(number, { ...partSize });
  for (const { from, to } of known) {
    graph.setEdge(numberOf(from), numberOf(to), { ...labelSize, labelpos: 'c' });
  }
  layout(graph);

  const centre = (name: string): Point => {
    const { x, y } = graph.node(numberOf(name));
    return { x: x ?? 0, y: y ?? 0 };
  };
  const ways = known.map((link) => {
    const { points = [], x = 0, y = 0 } = graph.edge(numberOf(link.from), numberOf(link.to));
    return { ...link, id: linkKey(link), between: points.slice(1, -1), label: { x, y } };
  });
  const ends = placeEnds(ways, centre);
  const { width = 0, height = 0 } = graph.graph();
  return {
    parts: new Map(
      parts.map(({ name }) => {
        const { x, y } = centre(name);
        return [name, { x: x - partSize.width / 2, y: y - partSize.height / 2 }];
      }),
    ),
    links: new Map(
      ways.map(({ id, between, label }) => {
        const start = ends.get(`${id} start`) ?? label;
        const end = ends.get(`${id} end`) ?? label;
        const points = [start, ...between, end];
        return [id, { path: curve(points), label, ...arrow(points) }];
      }),
    ),
    width,
    height,
  };
}

interface Way {
  id: string;
  from: string;
  to: string;
  between: Point[];
}

/** The ends of links are spread over the side of a part that they leave or reach, in the order in which they fan out. */
function placeEnds(ways: readonly Way[], centre: (name: string) => Point): Map<string, Point> {
  const sides = new Map<string, { id: string; next: Point; part: Point; sign: number }[]>();
  const add = (id: string, name: string, next: Point): void => {
    const part = centre(name);
    const sign = next.x >= part.x ? 1 : -1;
    const side = JSON.stringify([name, sign]);
    sides.set(side, [...(sides.get(side) ?? []), { id, next, part, sign }]);
  };
  for (const { id, from, to, between } of ways) {
    add(`${id} start`, from, between[0] ?? centre(to));
    add(`${id} end`, to, between.at(-1) ?? centre(from));
  }
  const places = new Map<string, Point>();
  for (const ends of sides.values()) {
    ends.sort((one, other) => one.next.y - other.next.y);
    ends.forEach(({ id, part, sign }, index) => {
      const y = part.y + (index - (ends.length - 1) / 2) * portGap;
      places.set(id, { x: part.x + (sign * partSize.width) / 2, y });
    });
  }
  return places;
}

/** Through all points, at each of them level. */
function curve(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const last = points[index - 1];
      if (!last) return `M${x},${y}`;
      const middle = (last.x + x) / 2;
      return `C${middle},${last.y} ${middle},${y} ${x},${y}`;
    })
    .join(' ');
}

function arrow(points: readonly Point[]): { end: Point; angle: number } {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? end;
  return { end, angle: before.x <= end.x ? 0 : 180 };
}
