import { ms, spread, table } from './figures.ts';
import type { Cell, Result } from './result.ts';

/** What the router costs: requests through it, and past it to front-end itself, in the same rounds. */
export function edgeRouter({ cells, direct }: Result): string[] {
  const rows = direct.flatMap((past) => {
    const through = cells.find(
      ({ journey, way, tracing, connections }) =>
        journey === past.journey &&
        way === past.way &&
        tracing === past.tracing &&
        connections === past.connections,
    );
    return through ? [row(through, past)] : [];
  });
  if (rows.length === 0) return [];
  const head = ['Journey', 'Connections', 'CPU ms', 'Of it HAProxy', 'Past it', 'p50', 'Past it'];
  return [
    `## The router

Every request of the distributed way passes HAProxy, and so does every call between services: \`home\` passes it once, and \`catalogue\` twice. Past it, the same requests go
to front-end itself, in the same rounds; its call of catalogue still passes the router.

${table(head, rows)}`,
  ];
}

function row(through: Cell, past: Cell): string[] {
  return [
    `\`${through.journey}\``,
    String(through.connections),
    spread(through.cpuMs),
    ms(through.processes['edge-router'] ?? 0),
    spread(past.cpuMs),
    ms(through.p50.median),
    ms(past.p50.median),
  ];
}
