import { aligned } from '@sockshop/cli';
import type { Result } from './result.ts';

/** The cells as a table for the terminal. */
export function summary({ cells, tookSeconds }: Result): string {
  const rows = cells.map((cell) => [
    cell.journey,
    cell.way,
    `tracing ${cell.tracing}`,
    String(cell.connections),
    `${cell.cpuMs.median.toFixed(2)} ms`,
    `${cell.ratio.median.toFixed(0)} x`,
    `${cell.perSecond.median.toFixed(0)}/s`,
    `${cell.p50.median.toFixed(1)} ms`,
    `${cell.p99.median.toFixed(1)} ms`,
    String(countOf(cell.failures)),
  ]);
  const head = ['journey', 'way', '', 'connections', 'CPU', 'reference', 'rate', 'p50', 'p99'];
  return `\n${aligned([[...head, 'failures'], ...rows], 3)}\n\nMeasured in ${tookSeconds} s`;
}

/** A line for each kind of wrong response, and for what could not be measured; empty when all was right. */
export function failuresOf({ cells, direct, growth, errors }: Result): string[] {
  const ofCells = [...cells, ...direct].map(({ journey, way, connections, failures }) => ({
    place: `${journey}, ${way}, ${connections} connections`,
    failures,
  }));
  const ofGrowth = growth.flatMap(({ of, request, way, points }) =>
    points.map(({ n, failures }) => ({ place: `${request}, ${way}, ${n} ${of}`, failures })),
  );
  const wrong = [...ofCells, ...ofGrowth].flatMap(({ place, failures }) =>
    Object.entries(failures).map(([what, count]) => `failed: ${what}, ${count} times (${place})`),
  );
  return [...wrong, ...errors.map((error) => `failed: ${error}`)];
}

export function countOf(failures: Readonly<Record<string, number>>): number {
  return Object.values(failures).reduce((total, count) => total + count, 0);
}
