import type { LoggerService } from '@nestjs/common';
import { type Attributes, type Logger, SeverityNumber } from '@opentelemetry/api';
import { baggageFields, traceFields } from '@sockshop/telemetry';
import { context, errorLine, redactedField } from '@sockshop/tracing';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

export function isLevel(text: string | undefined): text is LogLevel {
  return LEVELS.some((level) => level === text);
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * JSON logs, one line an event: time, level, service, a fixed message, its fields, and the ids of the active span.
 * Never card numbers, passwords, session ids or whole bodies.
 */
export class JsonLog implements LoggerService {
  private logger: Logger | undefined;

  constructor(
    private readonly service: string,
    private readonly minimum: LogLevel = 'info',
    private readonly write: (line: string) => void = (line) => process.stdout.write(line),
  ) {}

  /** Sends each further line as an OpenTelemetry log record, too. */
  sendTo(logger: Logger | undefined): void {
    this.logger = logger;
  }

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

  /** Whether lines of this level are written. */
  isWritten(level: LogLevel): boolean {
    return LEVELS.indexOf(level) >= LEVELS.indexOf(this.minimum);
  }

  /** A line of a level that a setting names. */
  at(level: LogLevel, message: string, fields: Fields): void {
    this.line(level, message, [fields]);
  }

  private line(level: LogLevel, message: unknown, rest: unknown[]): void {
    if (!this.isWritten(level)) return;
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
      ...baggageFields(),
    };
    const text = JSON.stringify(event, loggable);
    this.write(`${text}\n`);
    if (this.logger) emit(this.logger, level, text);
  }
}

/** The line as a log record: the same fields with the same secrets replaced; the ids are those of the context. */
function emit(logger: Logger, level: LogLevel, line: string): void {
  const {
    time,
    level: _level,
    service: _service,
    message,
    trace_id: _trace,
    span_id: _span,
    trace_flags: _flags,
    ...attributes
  } = JSON.parse(line) as Attributes; // written by JSON.stringify
  logger.emit({
    timestamp: new Date(String(time)),
    severityNumber: SEVERITIES[level],
    severityText: level,
    body: message,
    attributes,
    context: context.active(),
  });
}

const SEVERITIES: Readonly<Record<LogLevel, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/** Errors have no own enumerable fields: JSON would show `{}`. A reader needs the chain of causes. Secrets are replaced. */
function loggable(key: string, value: unknown): unknown {
  if (typeof value === 'string') return redactedField(key, value);
  if (typeof value === 'bigint') return value.toString(); // JSON has none, and a log line must not throw
  if (!(value instanceof Error)) return value;
  return errorLine(value);
}
