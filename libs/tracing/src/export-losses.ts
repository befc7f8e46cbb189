import type { Signal } from './otlp-config.ts';

/** Where events of a service are logged; its log fits. */
export interface EventLog {
  log(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Spans and log records are dropped one by one, or by batches: those of this time are one line. */
const GATHER_MS = 1000;

/** The words of the log for each signal. */
const WORDS = { traces: 'spans', metrics: 'metrics', logs: 'log records' } as const;

/** Logs once that an exporter drops spans, and once that spans go out again: a log of a day without Zipkin has two lines. */
export class ExportLosses {
  private dropped = 0;
  private reason = '';
  private logged = false;
  private gathering: NodeJS.Timeout | undefined;

  constructor(
    private readonly exporter: string,
    private readonly log: EventLog,
    private readonly signal: Signal = 'traces',
  ) {}

  drop(items: number, reason: string): void {
    this.dropped += items;
    this.reason = reason;
    if (this.logged) return;
    this.gathering ??= setTimeout(() => {
      this.report();
    }, GATHER_MS).unref();
  }

  /** Items were sent, and the queue has room again. */
  recover(): void {
    if (this.dropped === 0) return;
    this.report();
    const { exporter, dropped } = this;
    this.log.log(`${WORDS[this.signal]} are exported again`, { exporter, dropped });
    this.dropped = 0;
    this.logged = false;
  }

  /** What is not logged yet is logged now. */
  report(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.logged || this.dropped === 0) return;
    this.logged = true;
    const { exporter, dropped, reason } = this;
    this.log.warn(`${WORDS[this.signal]} are dropped`, { exporter, dropped, reason });
  }
}
