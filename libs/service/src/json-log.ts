import type { LoggerService } from '@nestjs/common';
import { traceFields } from '@sockshop/telemetry';
import { redactedText } from '@sockshop/tracing';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];
type Fields = Readonly<Record<string, unknown>>;

/**
 * JSON logs, one line an event: time, level, service, a fixed message, its fields, and the ids of the active span.
 * Never card numbers, passwords, session ids or whole bodies.
 */
export class JsonLog implements LoggerService {
  constructor(
    private readonly service: string,
    private readonly minimum: LogLevel = 'info',
    private readonly write: (line: string) => void = (line) => process.stdout.write(line),
  ) {}

  debug(message: unknown, ...rest: unknown[]): void {
    this.line('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.line('debug', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.line('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.line('warn', message, rest);
  }

  /** For events on which a person must act; a declined card is `log`. */
  error(message: unknown, ...rest: unknown[]): void {
    this.line('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.line('error', message, rest);
  }

  private line(level: LogLevel, message: unknown, rest: unknown[]): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.minimum)) return;
    const fields = rest.find(
      (value): value is Fields => typeof value === 'object' && value !== null,
    );
    const event = {
      time: new Date().toISOString(),
      level,
      service: this.service,
      message: message instanceof Error ? message.message : message,
      ...fields,
      ...traceFields(),
    };
    this.write(`${JSON.stringify(event, loggable)}\n`);
  }
}

/** Errors have no own enumerable fields: JSON would show `{}`. A reader needs the chain of causes. Secrets in URLs are replaced. */
function loggable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return redactedText(value);
  if (typeof value === 'bigint') return value.toString(); // JSON has none, and a log line must not throw
  if (!(value instanceof Error)) return value;
  const chain: string[] = [];
  for (let at: unknown = value; at instanceof Error && chain.length < MAX_CAUSES; at = at.cause) {
    chain.push(`${at.name}: ${at.message}`);
  }
  const [error, ...causes] = chain;
  return redactedText(`${error}${causes.map((cause) => ` (cause: ${cause})`).join('')}`);
}

/** An error may be its own cause, by mistake. */
const MAX_CAUSES = 8;
