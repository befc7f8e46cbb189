import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ExportLosses } from './export-losses.ts';
import type { Signal } from './otlp-config.ts';
import { RejectedError } from './otlp-exporter.ts';

/** Why spans, log records or metrics are lost. */
export type LossType = 'queue_full' | 'export_failed' | 'rejected';

/**
 * Called with items that an exporter sent, or with `errorType` for those that are lost: `queue_full` when they come faster than
 * they are sent, `export_failed` when a batch failed, `rejected` when the collector took a batch without them. Without it a hole in a trace looks
 * like a service that did nothing.
 */
export type CountExported = (
  component: string,
  items: number,
  errorType: LossType | undefined,
  signal: Signal,
) => void;

/** What the exporters of all signals have in common. */
export interface Exporter<T> {
  export(items: T, done: (result: ExportResult) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}

interface Counting {
  readonly losses: ExportLosses;
  readonly count: (items: number, errorType: LossType | undefined) => void;
  /** Whether there is room again for what comes. */
  readonly isCalm?: () => boolean;
}

/** `exporter`, with what it sends and loses counted and logged. Failures are not passed on: the SDK would print a stack every second. */
export function countedExporter<T extends object>(
  exporter: Exporter<T>,
  { losses, count, isCalm = () => true }: Counting,
  sizeOf: (items: T) => number = (items) => (Array.isArray(items) ? items.length : 1),
): Required<Exporter<T>> {
  return {
    export(items, done) {
      const size = sizeOf(items);
      exporter.export(items, ({ code, error }) => {
        const rejected = error instanceof RejectedError ? error.items : 0;
        const failed = code === ExportResultCode.SUCCESS || rejected > 0 ? 0 : size;
        const lost = rejected + failed;
        if (size > lost) count(size - lost, undefined);
        if (lost > 0) {
          count(lost, failed > 0 ? 'export_failed' : 'rejected');
          losses.drop(lost, error?.message ?? 'export_failed');
        } else if (isCalm()) losses.recover();
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: async () => {
      await exporter.shutdown();
      losses.report();
    },
  };
}
