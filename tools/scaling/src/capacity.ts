import type { WayCosts } from './costs.ts';

/** Pages and lists that are read for each order that is placed: two orders in a hundred visits to the catalogue. */
export const READS_PER_ORDER = 50;
/** Of a core or process, at most: beyond it waits grow fast. */
export const PLANNED_LOAD = 0.7;
const DAY_SECONDS = 86_400;

/** What a rate of orders, each with its reads, asks of the shop. */
export interface Demand {
  readonly ordersPerSecond: number;
  readonly readsPerSecond: number;
  /** Cores of each process, at the planned load. */
  readonly cores: Readonly<Record<string, number>>;
  readonly storeCommandsPerSecond: number;
  readonly messagesPerSecond: number;
  readonly spansPerSecond: number;
  /** At 100 %. */
  readonly traceBytesPerDay: number;
  readonly storedBytesPerDay: number;
}

export function demandOf(costs: WayCosts, ordersPerSecond: number): Demand {
  const { catalogue, order, storedBytes } = costs;
  const readsPerSecond = ordersPerSecond * READS_PER_ORDER;
  const names = [...new Set([...Object.keys(order.cpuMs), ...Object.keys(catalogue.cpuMs)])];
  const perSecond = (of: (traces: WayCosts['order']['traces']) => number): number =>
    readsPerSecond * of(catalogue.traces) + ordersPerSecond * of(order.traces);
  const stored = Object.values(storedBytes).reduce((sum, bytes) => sum + Math.max(0, bytes), 0);
  return {
    ordersPerSecond,
    readsPerSecond,
    cores: Object.fromEntries(
      names.map((name) => [
        name,
        (readsPerSecond * (catalogue.cpuMs[name] ?? 0) +
          ordersPerSecond * (order.cpuMs[name] ?? 0)) /
          1000 /
          PLANNED_LOAD,
      ]),
    ),
    storeCommandsPerSecond: perSecond(({ storeCommands }) => storeCommands),
    messagesPerSecond: perSecond(({ messages }) => messages),
    spansPerSecond: perSecond(({ spans }) => spans),
    traceBytesPerDay: perSecond(({ bytes }) => bytes) * DAY_SECONDS,
    storedBytesPerDay: ordersPerSecond * stored * DAY_SECONDS,
  };
}

/** Orders a second, with their reads, that keep so many cores at the planned load. */
export function ordersPerSecondOn(costs: WayCosts, cores: number): number {
  const perOrder = Object.values(demandOf(costs, 1).cores).reduce((sum, each) => sum + each, 0);
  return cores / perOrder;
}

/** Orders a second, with their reads, at which one process of this part has no time left. */
export function ceilingOf(costs: WayCosts, part: string): number {
  return 1 / ((demandOf(costs, 1).cores[part] ?? 0) * PLANNED_LOAD);
}
