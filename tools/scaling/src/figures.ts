import type { WayName } from '@sockshop/supervisor';
import {
  ceilingOf,
  type Demand,
  demandOf,
  ordersPerSecondOn,
  PLANNED_LOAD,
  READS_PER_ORDER,
} from './capacity.ts';
import type { Costs, JourneyCosts, WayCosts } from './costs.ts';
import { predict, waitOf } from './shop-model.ts';

const WAYS: readonly WayName[] = ['distributed', 'embedded'];
const SCALES = [1, 10, 1000, 50_000];
/** Several processes of these share their work by connections or by keys; the others are databases and brokers. */
const STORES = ['mariadb', 'mongodb', 'rabbitmq', 'zipkin'];
const ROUTER = 'edge-router';
const HELPERS = ['launcher', 'epmd'];

/** The tables of docs/scaling.md. The same costs give the same text. */
export function figuresOf(costs: Costs): string {
  const { cpu, cores, node, commit, at } = costs.machine;
  const { distributed } = costs.ways;
  const standIns = distributed.standIns
    .map(
      (name) => ` In place of ${name} its stand-in ran, whose costs are not those of the real one.`,
    )
    .join('');
  return [
    `Measured on ${cpu}, ${cores} cores, Node ${node.replace(/^v/, '')}, commit ${commit || 'unknown'}, ${at.slice(0, 10)}.${standIns}`,
    `### What a request costs\n\n${costTable(costs)}`,
    `### What an order leaves behind\n\n${orderTable(costs)}`,
    `### Which process is full first\n\n${ceilingTable(distributed)}`,
    `### What each scale needs\n\n${scaleTable(distributed, cores)}`,
    `### The simulation against this machine\n\n${checkTable(costs)}`,
  ].join('\n\n');
}

function costTable({ ways }: Costs): string {
  const columns = WAYS.flatMap((way) => [ways[way].catalogue, ways[way].order]);
  const total = ({ cpuMs }: JourneyCosts): number => sum(Object.values(cpuMs));
  const names = [...new Set(columns.flatMap(({ cpuMs }) => Object.keys(cpuMs)))].filter(
    (name) => !HELPERS.includes(name),
  );
  names.sort((one, other) => (columns[1]?.cpuMs[other] ?? 0) - (columns[1]?.cpuMs[one] ?? 0));
  return table(
    ['CPU ms', ...WAYS.flatMap((way) => [`catalogue, ${way}`, `order, ${way}`])],
    [
      ...names.map((name) => [name, ...columns.map(({ cpuMs }) => shown(cpuMs[name]))]),
      ['**all**', ...columns.map((each) => `**${shown(total(each))}**`)],
      ['requests a second and core', ...columns.map((each) => shown(1000 / total(each)))],
    ],
  );
}

function orderTable({ ways }: Costs): string {
  const row = (what: string, of: (costs: WayCosts) => number): string[] => [
    what,
    ...WAYS.map((way) => shown(of(ways[way]))),
  ];
  const stored = ({ storedBytes }: WayCosts): number =>
    sum(Object.values(storedBytes).map((bytes) => Math.max(0, bytes)));
  return table(
    ['per order', ...WAYS],
    [
      row('HTTP calls between services', ({ order }) => order.traces.calls),
      row('store commands', ({ order }) => order.traces.storeCommands),
      row('messages', ({ order }) => order.traces.messages),
      row('spans', ({ order }) => order.traces.spans),
      row('KiB of traces', ({ order }) => order.traces.bytes / 1024),
      row('KiB in the files of the stores', (costs) => stored(costs) / 1024),
    ],
  );
}

function ceilingTable(costs: WayCosts): string {
  const names = Object.keys(demandOf(costs, 1).cores).filter((name) => !HELPERS.includes(name));
  const rows = names.map((name) => ({ name, ceiling: ceilingOf(costs, name) }));
  rows.sort((one, other) => one.ceiling - other.ceiling);
  return table(
    ['process', `orders a second, each with ${READS_PER_ORDER} reads`],
    rows.slice(0, 8).map(({ name, ceiling }) => [name, shown(ceiling)]),
  );
}

/** 1× is what the machine carries at the planned load. */
function scaleTable(costs: WayCosts, cores: number): string {
  const base = ordersPerSecondOn(costs, cores);
  const demands = SCALES.map((scale) => demandOf(costs, base * scale));
  const row = (what: string, of: (demand: Demand) => number): string[] => [
    what,
    ...demands.map((demand) => shown(of(demand))),
  ];
  const coresOf =
    (is: (name: string) => boolean) =>
    (demand: Demand): number =>
      sum(Object.entries(demand.cores).map(([name, each]) => (is(name) ? each : 0)));
  const isService = (name: string): boolean => ![...STORES, ...HELPERS, ROUTER].includes(name);
  const routed = demands.some(({ cores: byName }) => ROUTER in byName);
  return table(
    ['', ...SCALES.map((scale) => `${scale.toLocaleString('en')}×`)],
    [
      row('orders a second', (demand) => demand.ordersPerSecond),
      row('reads a second', (demand) => demand.readsPerSecond),
      row(
        `cores of front-end, at ${PLANNED_LOAD * 100} %`,
        coresOf((name) => name === 'front-end'),
      ),
      row(
        'cores of catalogue',
        coresOf((name) => name === 'catalogue'),
      ),
      row(
        'cores of the other services',
        coresOf((name) => isService(name) && !['front-end', 'catalogue'].includes(name)),
      ),
      ...(routed
        ? [
            row(
              'cores of the router',
              coresOf((name) => name === ROUTER),
            ),
          ]
        : []),
      row(
        'cores of databases and broker',
        coresOf((name) => STORES.includes(name) && name !== 'zipkin'),
      ),
      row(
        'cores of the trace store',
        coresOf((name) => name === 'zipkin'),
      ),
      row('store commands a second', (demand) => demand.storeCommandsPerSecond),
      row('messages a second', (demand) => demand.messagesPerSecond),
      row('spans a second', (demand) => demand.spansPerSecond),
      row('GB of traces a day, all kept', (demand) => demand.traceBytesPerDay / 1e9),
      row('GB stored a day', (demand) => demand.storedBytesPerDay / 1e9),
    ],
  );
}

/** Predicted against measured; the difference of the mean in percent of the measured one. */
function checkTable({ ways, machine: { cores } }: Costs): string {
  const rows = WAYS.flatMap((way) =>
    (['catalogue', 'order'] as const).flatMap((name) => {
      const costs = ways[way][name];
      const waitMs = waitOf(costs, cores);
      return costs.checks.map((check, index) => {
        const { throughputPerSecond, meanMs, p95Ms } = predict(costs, check, waitMs, cores);
        const off = (predicted: number, measured: number): string =>
          `${predicted >= measured ? '+' : ''}${Math.round(100 * (predicted / measured - 1))} %`;
        return [
          `${name}, ${way}`,
          shown(check.ratePerSecond),
          `${shown(check.throughputPerSecond)} / ${shown(throughputPerSecond)}`,
          `${shown(check.meanMs)} / ${shown(meanMs)}`,
          index === 0 ? 'calibrates' : off(meanMs, check.meanMs),
          `${shown(check.p95Ms)} / ${shown(p95Ms)}`,
          String(check.failures),
        ];
      });
    }),
  );
  return table(
    ['journey', 'rate /s', 'throughput /s', 'mean ms', 'off by', 'p95 ms', 'failures'],
    rows,
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Three digits. */
function shown(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
