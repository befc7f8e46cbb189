import type { UpstreamLog } from '../src/circuit-breaker.ts';

/** Keeps the lines. */
export class Log implements UpstreamLog {
  readonly lines: [level: 'info' | 'warn', message: string, fields: Record<string, unknown>][] = [];

  log(message: string, fields: Record<string, unknown> = {}): void {
    this.lines.push(['info', message, fields]);
  }

  warn(message: string, fields: Record<string, unknown> = {}): void {
    this.lines.push(['warn', message, fields]);
  }
}
