import type { ServiceName } from '@sockshop/parts';

/** A running shop, whichever way it runs. */
export interface Shop {
  /** The public API and the pages. */
  readonly url: string;
  /** Base URL of the service itself, behind the public API. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** What speaks the Zipkin API. */
  readonly tracesUrl: string;
  /** All log lines so far. */
  log(): string;
  /** Answers the exit codes, all of them 0 when nothing is wrong. */
  stop(): Promise<(number | null)[]>;
}

/**
 * For tests to be fast: an order is shipped soon, though not before it was answered; spans are sent at once. And patient: a machine
 * that is busy with other suites misses deadlines, which are tested where they are set.
 */
export const TEST_SETTINGS = {
  SHIPPING_DURATION_MS: '1500',
  OTEL_BSP_SCHEDULE_DELAY: '100',
  UPSTREAM_TIMEOUT_MS: '15000',
  ORDER_TIMEOUT_MS: '60000',
};
