import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { TraceStoreClient } from './trace-store.client.ts';
import { type TrafficJson, trafficOf } from './traffic.ts';
import { TrafficWindow, WINDOW_MS } from './traffic-window.ts';

/** How old an answer may be. */
const FRESH_MS = 1500;
/** Traces grow while they last, and spans come late: those of the last seconds are read again. */
const OVERLAP_MS = 20_000;
/** How long after the last question what was read is kept. */
const IDLE_MS = 60_000;
/** How far the clock of another machine may be ahead. What is later than that is of no time. */
const SKEW_MS = 60_000;
/** Bounds one reading. */
const MAX_TRACES = 1000;

/** The shop's traffic, read from the trace store on request and shared by all callers. There is no timer: without requests nothing is read. */
@Injectable()
export class TrafficWatch implements OnModuleDestroy {
  private readonly window = new TrafficWindow();
  private readonly answers = new Map<number, TrafficJson>();
  private reading: Promise<void> | undefined;
  private readMs: number | undefined;
  /** Since when the window holds all. */
  private sinceMs = 0;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: TraceStoreClient,
    private readonly now: () => number,
  ) {}

  /** Of the last `windowS` seconds, five minutes at most. @throws UpstreamError 503 while the trace store is unavailable. */
  async traffic(windowS: number): Promise<TrafficJson> {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.forget();
    }, IDLE_MS).unref();
    if (this.readMs === undefined || this.now() - this.readMs >= FRESH_MS) {
      this.reading ??= this.read().finally(() => (this.reading = undefined));
      await this.reading;
    }
    const known = this.answers.get(windowS);
    const answer = known ?? this.answer(windowS);
    this.answers.set(windowS, answer);
    return answer;
  }

  onModuleDestroy(): void {
    clearTimeout(this.idle);
  }

  private async read(): Promise<void> {
    const nowMs = this.now();
    const fromMs = this.readMs === undefined ? nowMs - WINDOW_MS : this.readMs - OVERLAP_MS;
    const traces = await this.store.search({
      endTs: nowMs,
      lookback: nowMs - fromMs,
      limit: MAX_TRACES,
    });
    const first = this.readMs === undefined;
    this.window.add(traces.flat());
    const full = this.window.prune(nowMs - WINDOW_MS) || (first && traces.length === MAX_TRACES);
    if (full) this.sinceMs = this.window.oldestMs;
    this.readMs = nowMs;
    this.answers.clear();
  }

  private answer(windowS: number): TrafficJson {
    const nowMs = this.readMs ?? this.now();
    const beginMs = Math.max(nowMs - windowS * 1000, this.sinceMs);
    const endMs = nowMs + SKEW_MS;
    const spans = this.window
      .spans()
      .filter(({ startMs }) => startMs >= beginMs && startMs < endMs);
    return trafficOf(spans, windowS, Math.max(1, (nowMs - beginMs) / 1000));
  }

  private forget(): void {
    this.window.clear();
    this.answers.clear();
    this.readMs = undefined;
    this.sinceMs = 0;
  }
}
