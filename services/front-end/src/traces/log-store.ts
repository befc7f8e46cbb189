import { inOrder, filesAt, linesOf, type LogLine } from '@sockshop/log-lines';
import type { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { fileURLToPath } from 'node:url';
import { VictoriaLogs } from './log-store.victoria-logs.ts';

/** What a page may get to see of a line; {@link shownLine} decides. */
export type StoredLine = Pick<
  LogLine,
  'atMs' | 'level' | 'service' | 'message' | 'spanId' | 'fields'
>;

/** Where the logs of all services are read. */
export interface LogStore {
  /**
   * The lines of a trace, the oldest first.
   * @throws UpstreamError 503 while the store is unavailable.
   */
  linesOf(traceId: string, fromMs: number, toMs: number): Promise<StoredLine[]>;
  close(): Promise<void>;
}

/** The most lines of one trace: a page must be able to show them. An order has a dozen. */
export const MAX_LINES = 1000;
/** Read of one log for one trace; a second of heavy traffic writes a tenth of it. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The scheme of the URL picks it. */
export function logStore(logsUrl: string, telemetry: Telemetry, log: JsonLog): LogStore {
  return logsUrl.startsWith('file:')
    ? new LogFiles(fileURLToPath(logsUrl))
    : new VictoriaLogs(logsUrl, telemetry, log);
}

/** The files that a launcher on this machine writes. */
class LogFiles implements LogStore {
  constructor(private readonly path: string) {}

  async linesOf(traceId: string, fromMs: number, toMs: number): Promise<StoredLine[]> {
    const wanted = { fromMs, toMs, containing: traceId, maxBytes: MAX_BYTES };
    const found: StoredLine[] = [];
    for await (const line of inOrder(filesAt(this.path).map((log) => linesOf(log, wanted)))) {
      if (line.traceId !== traceId) continue; // it only quotes the id
      found.push(line);
      if (found.length === MAX_LINES) break;
    }
    return found;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
