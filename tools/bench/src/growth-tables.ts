import { ms, table } from './figures.ts';
import type { Result, Series } from './result.ts';
import { verdictOn } from './verdict.ts';

/** How each cost grows with what it is asked of, and where it has a cliff. */
export function growth({ growth }: Result): string[] {
  if (growth.length === 0) return [];
  const cliffs = growth.filter((series) => verdictOn(series).cliff);
  const named = cliffs.map(({ way, of, request }) => `${request} by ${of} (${way})`);
  return [
    `## How costs grow

CPU ms of one request or order flow. A cliff is a cost that grows faster than expected: where it should stay, to more than twice; where it
should grow with the number, one more costs more than twice what one more cost before; or a failure. ${
      named.length === 0 ? 'There is none.' : `Cliffs: ${named.join('; ')}.`
    }

${table(['Grows', 'Request', 'Way', 'CPU ms by number', 'Means'], growth.map(growthRow))}`,
  ];
}

function growthRow(series: Series): string[] {
  const { of, request, way, points } = series;
  const figures = points.map(({ n, cpuMs }) => `${n.toLocaleString('en-US')}: ${ms(cpuMs)}`);
  return [of, `\`${request}\``, way, figures.join(', '), verdictOn(series).text];
}

/** What an order leaves in its trace, by the lines of its cart. */
export function orderTraces({ orderTraces }: Result): string[] {
  if (orderTraces.length === 0) return [];
  const rows = orderTraces.map(({ way, lines, spans, calls, storeCommands, messages, bytes }) =>
    [way, lines, spans, calls, storeCommands, messages, (bytes / 1024).toFixed(0)].map(String),
  );
  const head = ['Way', 'Lines', 'Spans', 'HTTP calls', 'Store commands', 'Messages', 'KiB of JSON'];
  const same = new Set(orderTraces.map(({ way, spans }) => `${way} ${spans}`)).size;
  const meaning =
    same === new Set(orderTraces.map(({ way }) => way)).size
      ? 'The number of spans does not depend on the lines of the cart.'
      : 'The number of spans changes with the lines of the cart.';
  return [
    `## Spans of one \`POST /orders\`, until it is shipped\n\n${meaning}\n\n${table(head, rows)}`,
  ];
}
