import type { Topology } from './topology.ts';

/** One line an event. */
export interface BusLog {
  log(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface BusOptions {
  readonly topology: Topology;
  readonly log: BusLog;
  /** The broker's name on the service map. Default: `rabbitmq`; in process `queue`. */
  readonly peerName?: string;
  /** Default: 2 s. */
  readonly publishTimeoutMs?: number;
  /** Default: 1.5 s. */
  readonly connectTimeoutMs?: number;
  /** How long `close` waits for running handlers. Default: 10 s. */
  readonly drainTimeoutMs?: number;
}
