import { inOrder, LEVELS, linesOf, type LogFile, type LogLine } from '@sockshop/log-lines';
import type { LogOptions } from './options.ts';
import { OrderLines } from './order-lines.ts';

/** What is asked for. */
export class Search {
  private readonly order: OrderLines | undefined;

  constructor(private readonly options: LogOptions) {
    const { order } = options;
    this.order = order === undefined ? undefined : new OrderLines(order);
  }

  /** What is in the logs, in the order of time; of each file, where `ends` says so, only what is before that place. */
  async *found(
    logs: readonly LogFile[],
    allLogs: readonly LogFile[],
    ends?: ReadonlyMap<string, number>,
  ): AsyncGenerator<LogLine, void> {
    if (this.order) await this.learnFrom(allLogs, this.order);
    for await (const line of this.lines(logs, this.options.since, ends))
      if (this.matches(line)) yield line;
  }

  /** A line that was just written. */
  isAskedFor(line: LogLine): boolean {
    this.order?.learn(line);
    return line.atMs >= (this.options.since ?? 0) && this.matches(line);
  }

  private matches(line: LogLine): boolean {
    const { trace, service, level = 'debug', grep } = this.options;
    if (trace !== undefined && line.traceId?.slice(-trace.length) !== trace) return false;
    if (service !== undefined && line.service !== service && line.instance !== service)
      return false;
    if (LEVELS.indexOf(line.level) < LEVELS.indexOf(level)) return false;
    if (grep && !grep.test(line.text)) return false;
    return this.order?.matches(line) ?? true;
  }

  /** Its traces and its shipment are named by some lines, and then lead to others, also to earlier ones. */
  private async learnFrom(logs: readonly LogFile[], order: OrderLines): Promise<void> {
    for (let more = true; more;) {
      more = false;
      for await (const line of this.lines(logs)) if (order.learn(line)) more = true;
    }
  }

  private lines(
    logs: readonly LogFile[],
    fromMs = 0,
    ends?: ReadonlyMap<string, number>,
  ): AsyncGenerator<LogLine, void> {
    const { trace } = this.options;
    const containing = this.order?.words ?? (trace === undefined ? undefined : new Set([trace]));
    const wanted = { fromMs, toMs: Infinity, ...(containing && { containing }) };
    return inOrder(logs.map((log) => linesOf(log, wanted, ends)));
  }
}
