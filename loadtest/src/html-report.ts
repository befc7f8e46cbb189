import { chart, type Series } from './charts.ts';
import type { RunDocument } from './document.ts';
import { escaped } from './escape.ts';
import { STYLE } from './html-style.ts';
import type { Percentiles } from './summary.ts';

/** The run as one page, which loads nothing: it can be sent by mail and read in ten years. @param traceUrl where a trace is shown */
export function htmlReport(run: RunDocument, traceUrl: (traceId: string) => string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Load on ${escaped(run.url)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${head(run)}
${figures(run)}
${promises(run)}
<div class="charts">
${charts(run)}
</div>
${journeys(run)}
${routes(run)}
${traces(run, traceUrl)}
</main>
</body>
</html>
`;
}

function head({ url, generators, startedAt, elapsedSeconds }: RunDocument): string {
  const who = generators.map(({ shoppers, rate, seed, mixture }) => {
    const weights = Object.entries(mixture)
      .filter(([, weight]) => weight > 0)
      .map(([name, weight]) => `${name} ${weight}`);
    const model = rate === null ? `${shoppers} shoppers` : `${rate}, at most ${shoppers} shoppers`;
    return `<p>${escaped(model)}, seed ${seed}: ${escaped(weights.join(', '))}</p>`;
  });
  const when = new Date(startedAt).toISOString().replace('T', ' ').slice(0, 19);
  return `<header><h1>Load on ${escaped(url)}</h1>
<p class="muted">${when} UTC, ${elapsedSeconds} s${generators.length > 1 ? `, ${generators.length} generators` : ''}</p>
${who.join('\n')}</header>`;
}

function figures({ requests, errors, ordersPlaced, arrivals }: RunDocument): string {
  const cells: [name: string, value: string, bad?: boolean][] = [
    ['requests', requests.count.toLocaleString('en')],
    ['per second', String(requests.perSecond)],
    ['errors', errors.toLocaleString('en'), errors > 0],
    ['orders', ordersPlaced.toLocaleString('en')],
    ['p50', duration(requests.p50Ms)],
    ['p95', duration(requests.p95Ms)],
    ['p99', duration(requests.p99Ms)],
    ['slowest', duration(requests.maxMs)],
  ];
  if (arrivals.count > 0) {
    cells.push(['arrivals', arrivals.count.toLocaleString('en')]);
    cells.push(['late', arrivals.late.toLocaleString('en'), arrivals.late > 0]);
    cells.push(['dropped', arrivals.dropped.toLocaleString('en'), arrivals.dropped > 0]);
  }
  const items = cells.map(
    ([name, value, bad]) =>
      `<div class="panel"><dt>${name}</dt><dd${bad ? ' class="bad"' : ''}>${value}</dd></div>`,
  );
  return `<dl class="figures">${items.join('')}</dl>`;
}

/** Short: it stands in a small box. */
function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function promises({ thresholds }: RunDocument): string {
  if (thresholds.length === 0) return '';
  const rows = thresholds.map(({ name, limit, found, held }) => [
    escaped(name),
    escaped(limit),
    escaped(found),
    held ? '<span class="good">held</span>' : '<span class="bad">broken</span>',
  ]);
  return table('Promises', ['promise', 'at most', 'found', ''], rows);
}

function charts({ timeline, elapsedSeconds, arrivals }: RunDocument): string {
  const { points, intervalMs } = timeline;
  const seconds = (points.length * intervalMs) / 1000;
  // The last stretch may be shorter than the others.
  const lengths = points.map((_, index) =>
    Math.max(Math.min(intervalMs / 1000, elapsedSeconds - (index * intervalMs) / 1000), 0.1),
  );
  type Count = 'requests' | 'errors' | 'arrivals' | 'dropped';
  const rate = (name: string, look: string, count: Count): Series => {
    return { name, look, values: points.map((point, i) => point[count] / (lengths[i] ?? 1)) };
  };
  const latency = (name: string, look: string, key: 'p50Ms' | 'p95Ms' | 'p99Ms'): Series => {
    return { name, look, values: points.map((p) => (p.requests > 0 ? p[key] : undefined)) };
  };
  const open = arrivals.count > 0;
  return [
    chart({
      title: 'Throughput',
      unit: 'per second',
      seconds,
      series: [rate('requests', 'main', 'requests'), rate('errors', 'failed', 'errors')],
    }),
    chart({
      title: 'Latency',
      unit: 'ms, logarithmic',
      logarithmic: true,
      seconds,
      series: [
        latency('p50', 'main', 'p50Ms'),
        latency('p95', 'warn', 'p95Ms'),
        latency('p99', 'failed', 'p99Ms'),
      ],
    }),
    chart({
      title: 'Shoppers in the shop',
      unit: 'at once',
      seconds,
      series: [{ name: 'shoppers', look: 'main', values: points.map((p) => p.shoppers) }],
    }),
    ...(open
      ? [
          chart({
            title: 'Arrivals',
            unit: 'per second',
            seconds,
            series: [rate('arrivals', 'main', 'arrivals'), rate('dropped', 'failed', 'dropped')],
          }),
        ]
      : []),
  ].join('\n');
}

const latencies = ['p50 ms', 'p95 ms', 'p99 ms', 'slowest ms'];

function latencyCells({ p50Ms, p95Ms, p99Ms, maxMs }: Percentiles): string[] {
  return [p50Ms, p95Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1));
}

function journeys(run: RunDocument): string {
  const rows = run.journeys.flatMap((journey) => [
    [
      escaped(journey.name),
      String(journey.count),
      failed(journey.failed),
      ...latencyCells(journey),
    ],
    ...journey.steps.map((step) => [step.route, String(step.count), '', ...latencyCells(step)]),
  ]);
  const isStep = new Set(run.journeys.flatMap(({ steps }) => steps.map(({ route }) => route)));
  const title = 'Journeys and their steps: how long shoppers waited for the shop';
  const heads = ['journey', 'count', 'failed', ...latencies];
  return table(title, heads, rows, ([first = '']) => (isStep.has(first) ? 'step' : ''));
}

function failed(count: number): string {
  return count > 0 ? `<span class="bad">${count}</span>` : '0';
}

function routes({ routes: lines, requests }: RunDocument): string {
  const rows = lines.map((line) => [
    escaped(line.route),
    line.outcome === 'error'
      ? `<span class="bad">${escaped(line.status)}</span>`
      : escaped(line.status),
    String(line.count),
    String(line.perSecond),
    ...latencyCells(line),
  ]);
  const all = [
    'all',
    '',
    String(requests.count),
    String(requests.perSecond),
    ...latencyCells(requests),
  ];
  return table('Requests', ['route', 'status', 'count', 'per s', ...latencies], [...rows, all]);
}

function traces({ routes: lines, slowest }: RunDocument, traceUrl: (id: string) => string): string {
  const link = (id: string) => {
    if (id === '') return '';
    const url = traceUrl(id);
    return /^https?:/.test(url) ? `<a href="${escaped(url)}">trace</a>` : escaped(url);
  };
  const errors = lines
    .filter(({ outcome, detail }) => outcome === 'error' && detail !== '')
    .map(({ route, status, detail, traceId }) => [
      escaped(`${route} ${status}`),
      escaped(detail),
      link(traceId),
    ]);
  const slow = slowest
    ? [
        [
          `slowest: ${escaped(slowest.route)} ${escaped(slowest.status)}`,
          `${slowest.ms} ms`,
          link(slowest.traceId),
        ],
      ]
    : [];
  const rows = [...errors, ...slow];
  return rows.length === 0
    ? ''
    : table('The last error of each kind, and the slowest response', ['', '', ''], rows);
}

/** @param rows cells as HTML */
function table(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  look: (row: readonly string[]) => string = () => '',
): string {
  const header = heads.map((each) => `<th scope="col">${escaped(each)}</th>`).join('');
  const body = rows
    .map((row) => `<tr class="${look(row)}">${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('\n');
  return `<section class="panel"><h2>${escaped(title)}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}"><table><thead><tr>${header}</tr></thead>
<tbody>
${body}
</tbody></table></div></section>`;
}
