import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Bulkhead } from '@sockshop/resilience/bulkhead';
import { JsonLog } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { fileURLToPath } from 'node:url';
import { FrontEndConfig } from '../config.ts';
import type { BodyOf } from '../responses.ts';
import { LogFiles } from './log-store.files.ts';
import type { LogStore } from './log-store.ts';
import { VictoriaLogs } from './log-store.victoria-logs.ts';
import { shownLine } from './shown-lines.ts';
import type { responses } from './trace-responses.ts';
import type { ZipkinSpan } from './zipkin-span.ts';

/** Clocks of machines differ, and a line may be written when its span has ended. */
const SLACK_MS = 2000;
/** Traces whose lines are searched at the same time; how long another one waits for its place. */
const AT_ONCE = 2;
const WAIT_MS = 2000;

/** What the services logged in a trace. A visitor who may see the trace may see these lines; {@link shownLine} says what of them. */
@Injectable()
export class TraceLogs implements OnModuleDestroy {
  private readonly store: LogStore | undefined;
  private readonly searches: Bulkhead;

  constructor({ logsUrl }: FrontEndConfig, telemetry: Telemetry, log: JsonLog) {
    if (logsUrl !== undefined) this.store = logStore(logsUrl, telemetry, log);
    const { metrics } = telemetry;
    this.searches = new Bulkhead({ name: 'log-lines', limit: AT_ONCE, waitMs: WAIT_MS, metrics });
  }

  /** `spans`: all of one trace. @throws UpstreamError 503 while the log store is unavailable. */
  async of(spans: readonly ZipkinSpan[]): Promise<BodyOf<typeof responses.logs>> {
    const { store } = this;
    const [first] = spans;
    if (!store || !first) return { kept: store !== undefined, lines: [] };
    const traceId = first.traceId.padStart(32, '0'); // Zipkin may have only the half of a B3 caller
    const times = spans.filter(({ timestamp }) => timestamp > 0);
    const fromMs = Math.min(...times.map(({ timestamp }) => timestamp / 1000)) - SLACK_MS;
    const toMs =
      Math.max(...times.map(({ timestamp, duration }) => (timestamp + duration) / 1000)) + SLACK_MS;
    if (times.length === 0) return { kept: true, lines: [] };
    const lines = await this.searches.run(() => store.linesOf(traceId, fromMs, toMs));
    return { kept: true, lines: lines.flatMap((line) => shownLine(line) ?? []) };
  }

  async onModuleDestroy(): Promise<void> {
    await this.store?.close();
  }
}

/** The scheme of the URL picks it. */
function logStore(logsUrl: string, telemetry: Telemetry, log: JsonLog): LogStore {
  return logsUrl.startsWith('file:')
    ? new LogFiles(fileURLToPath(logsUrl))
    : new VictoriaLogs(logsUrl, telemetry, log);
}
