import type { Point, Series } from './result.ts';

/** A cost that should stay may rise to so many times its least: between is noise, and longer indexes. */
const FLAT_TIMES = 2;
/** The cost of one more may rise to so many times that of the smallest numbers before it is a cliff. */
const LINEAR_TIMES = 2;

export interface Verdict {
  readonly cliff: boolean;
  /** One sentence. */
  readonly text: string;
}

/** What the figures of a series mean. */
export function verdictOn({ points, expected, of }: Series): Verdict {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return { cliff: false, text: 'Not measured.' };
  const failed = points.find(({ failures }) => Object.keys(failures).length > 0);
  if (failed) {
    const what = Object.entries(failed.failures).map(([name, count]) => `${name}, ${count} times`);
    return {
      cliff: true,
      text: `Cliff: with ${text(failed.n)} ${of}, requests fail (${what.join('; ')}).`,
    };
  }
  const growth = last.cpuMs / first.cpuMs;
  const numbers = `${text(last.n / first.n)} times the ${of} cost ${growth.toFixed(1)} times as much`;
  const steep = firstCliff(points, expected);
  if (steep) return { cliff: true, text: `Cliff at ${text(steep.n)}: ${numbers}.` };
  if (growth <= FLAT_TIMES) return { cliff: false, text: `Flat: ${numbers}.` };
  const each = ((last.cpuMs - first.cpuMs) / (last.n - first.n)) * 1000;
  return { cliff: false, text: `Linear: each of the ${of} adds ${each.toPrecision(2)} µs.` };
}

/** The first point whose cost is out of what is expected. */
function firstCliff(points: readonly Point[], expected: Series['expected']): Point | undefined {
  if (expected === 'flat') {
    const least = Math.min(...points.map(({ cpuMs }) => cpuMs));
    const at = points.findIndex(({ cpuMs }) => cpuMs === least);
    return points.slice(at).find(({ cpuMs }) => cpuMs > FLAT_TIMES * least);
  }
  // Linear is fixed + n × slope. The slope before is known only once the cost has clearly grown.
  const [first] = points;
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (!first || !before || before.cpuMs < FLAT_TIMES * first.cpuMs) continue;
    const slopeBefore = (before.cpuMs - first.cpuMs) / (before.n - first.n);
    const slope = (point.cpuMs - before.cpuMs) / (point.n - before.n);
    if (slope > LINEAR_TIMES * slopeBefore) return point;
  }
  return undefined;
}

function text(n: number): string {
  return n.toLocaleString('en-US');
}
