import type { LogLine } from '@sockshop/log-lines';

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
