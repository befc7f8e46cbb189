import type { ServiceName } from '@sockshop/parts';

/** On loopback. */
export interface RouterPorts {
  /** For shoppers. */
  readonly edge: number;
  /** The statistics page, and `/metrics` for Prometheus. */
  readonly statistics: number;
  /** Where services call each other by `Host`. */
  readonly mesh: number;
  /** One port for each service. */
  readonly doors: Readonly<Partial<Record<ServiceName, number>>>;
}
