import { z } from 'zod';

const number = z.number();
/** Over the rounds. */
export const Spread = z.object({ min: number, median: number, max: number });
export type Spread = z.output<typeof Spread>;

const Failures = z.record(z.string(), number);
const Way = z.enum(['embedded', 'distributed']);
/** At 100 %, or switched off. */
const Tracing = z.enum(['on', 'off']);
export type Tracing = z.output<typeof Tracing>;

/** One journey at one number of connections. */
const Cell = z.object({
  journey: z.string(),
  connections: number,
  way: Way,
  tracing: Tracing,
  /** Of all processes, in ms per request or flow. */
  cpuMs: Spread,
  /** To the reference's CPU time with as many connections in the same round. */
  ratio: Spread,
  /** The median of each process, in ms. */
  processes: z.record(z.string(), number),
  perSecond: Spread,
  /** In ms. */
  p50: Spread,
  p95: Spread,
  p99: Spread,
  /** In all rounds together. */
  requests: number,
  failures: Failures,
});
export type Cell = z.output<typeof Cell>;

/** KiB. */
const Memory = z.object({ pss: number, rss: number });
const ByProcess = z.record(z.string(), Memory);

/** What is known of a shop beside its requests. */
const Shop = z.object({
  way: Way,
  tracing: Tracing,
  /** Node's options of each process that is Node's. */
  flags: z.record(z.string(), z.string()),
  /** Of the servers that say it. */
  servers: z.record(z.string(), z.string()),
  /** From the first process until all is ready, in ms: with an empty folder, and with data. */
  firstReadyMs: number,
  readyMs: Spread.optional(),
  /** The medians over the rounds: before the first request, and after the last journey. */
  idle: ByProcess,
  loaded: ByProcess,
});
export type Shop = z.output<typeof Shop>;

const Point = z.object({
  n: number,
  cpuMs: number,
  ratio: number,
  p50: number,
  p99: number,
  failures: Failures,
});
export type Point = z.output<typeof Point>;

/** How a cost grows with something. */
const Series = z.object({
  way: Way,
  /** What grows, such as `socks`. */
  of: z.string(),
  /** The request or flow whose cost it is. */
  request: z.string(),
  /** What is expected: a cost that stays, or one that grows with the number. */
  expected: z.enum(['flat', 'linear']),
  points: z.array(Point),
});
export type Series = z.output<typeof Series>;

/** The trace of one `POST /orders`. */
const OrderTrace = z.object({
  way: Way,
  lines: number,
  spans: number,
  /** HTTP calls from service to service. */
  calls: number,
  storeCommands: number,
  /** Published ones. */
  messages: number,
  /** Of its JSON in Zipkin's form. */
  bytes: number,
});
export type OrderTrace = z.output<typeof OrderTrace>;

const Machine = z.object({
  cpu: z.string(),
  cores: number,
  memoryMiB: number,
  kernel: z.string(),
  node: z.string(),
  commit: z.string(),
  at: z.string(),
});

export const Result = z.object({
  format: z.literal(1),
  /** As it was called. */
  command: z.string(),
  machine: Machine,
  rounds: number,
  secondsEach: number,
  tookSeconds: number,
  /** CPU time of the reference in ms per request, by connections. */
  reference: z.record(z.string(), Spread),
  shops: z.array(Shop),
  cells: z.array(Cell),
  /** Requests that went to front-end itself, past the router, in the same rounds. */
  direct: z.array(Cell).default([]),
  growth: z.array(Series),
  orderTraces: z.array(OrderTrace),
  /** What could not be measured, and why. */
  errors: z.array(z.string()),
});
export type Result = z.output<typeof Result>;
