export { cpuOf } from './cpu.ts';
export { Driver } from './driver.ts';
export { type JourneyTraces, journeyTraces } from './journey-traces.ts';
export {
  type Expectation,
  type Latency,
  latencyOf,
  type Load,
  type LoadResult,
  type Step,
} from './load.ts';
export { type Machine, machine } from './machine.ts';
export {
  allFailures,
  measure,
  type Measured,
  type MeasureOptions,
  type Measurement,
} from './measured.ts';
export { type Memory, memoryByName } from './memory.ts';
export { allShipped } from './orders-under-way.ts';
export { LAUNCHER_FILE, OwnShop, type OwnShopOptions } from './own-shop.ts';
export { ReferenceServer } from './reference-server.ts';
export { ROOT } from './root.ts';
export { type TraceCounts, traceCounts } from './trace-counts.ts';
export { type TraceSpan, wholeTrace } from './whole-trace.ts';
export { type Action, Visitor } from './visitor.ts';
