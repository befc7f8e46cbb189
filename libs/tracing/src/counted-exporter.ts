import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { type EventLog, ExportLosses } from './export-losses.ts';
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

/** An exporter keeps to its own time limit: a processor, which would send the next batch beside a late one, waits longer. */
export const GRACE_MS = 1000;

/** Where what an exporter sends and loses is counted and logged. */
export interface Counting {
  /** The exporter's name. */
  readonly component: string;
  readonly signal: Signal;
  readonly countExported: CountExported;
  readonly log: EventLog;
}

/** `exporter`, with what it sends and loses counted and logged. Failures are not passed on: the SDK would print a stack every second. */
export function countedExporter<T>(
  exporter: Exporter<T>,
  { component, signal, countExported }: Counting,
  losses: ExportLosses,
  sizeOf: (items: T) => number,
  hasRoom: () => boolean = () => true,
): Required<Exporter<T>> {
  return {
    export(items, done) {
      const size = sizeOf(items);
      exporter.export(items, ({ code, error }) => {
        const rejected = error instanceof RejectedError ? error.items : 0;
        const failed = code === ExportResultCode.SUCCESS || rejected > 0 ? 0 : size;
        const lost = rejected + failed;
        if (size > lost) countExported(component, size - lost, undefined, signal);
        if (lost > 0) {
          countExported(component, lost, failed > 0 ? 'export_failed' : 'rejected', signal);
          losses.drop(lost, error?.message ?? 'export_failed');
        } else if (hasRoom()) losses.recover();
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

/** The same before the queue of an SDK's batch processor, which drops what is too much without a word: `admit` is called for each item. */
export function countedQueue<T>(
  exporter: Exporter<T[]>,
  counting: Counting,
  maxQueueSize: number,
): { exporter: Required<Exporter<T[]>>; admit: () => void } {
  const { component, signal, countExported, log } = counting;
  let waiting = 0; // as many as the processor's own queue holds
  const losses = new ExportLosses(component, log, signal);
  const counted = countedExporter(
    exporter,
    counting,
    losses,
    (items) => items.length,
    () => waiting <= maxQueueSize / 2,
  );
  return {
    exporter: {
      ...counted,
      export(items, done) {
        waiting -= items.length;
        counted.export(items, done);
      },
    },
    admit() {
      if (waiting < maxQueueSize) waiting += 1;
      else {
        countExported(component, 1, 'queue_full', signal);
        losses.drop(1, 'queue_full');
      }
    },
  };
}
