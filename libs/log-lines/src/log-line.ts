export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];

export function isLevel(text: unknown): text is LogLevel {
  return LEVELS.some((level) => level === text);
}

/** One line of a log file. */
export interface LogLine {
  /** Milliseconds since 1970. Of a text that is no event: that of the event before it. */
  readonly atMs: number;
  readonly level: LogLevel;
  readonly service: string;
  /** The process that wrote it, where several run the service: the name of its file. */
  readonly instance: string;
  readonly message: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  /** As it is in the file. */
  readonly text: string;
}

/**
 * Reads a line of the services or of the router. Anything else is what Node or a library prints, such as the stack of a crash: a person should see
 * it, so it counts as a warning, at the time of the event before it.
 */
export function parseLine(text: string, instance: string, beforeMs: number): LogLine {
  const event = eventOf(text);
  const atMs = event && timeOf(event['time']);
  if (event === undefined || atMs === undefined) {
    const none = { traceId: undefined, spanId: undefined, fields: {} };
    return {
      atMs: beforeMs,
      level: 'warn',
      service: instance,
      instance,
      message: text,
      ...none,
      text,
    };
  }
  const {
    time: _time,
    level,
    service,
    message,
    trace_id,
    span_id,
    trace_flags: _flags,
    ...fields
  } = event;
  const traceId = textOf(trace_id);
  return {
    atMs,
    level: isLevel(level) ? level : 'info',
    service: textOf(service) ?? instance,
    instance,
    message: textOf(message) ?? '',
    traceId: traceId?.toLowerCase(),
    spanId: textOf(span_id),
    fields,
    text,
  };
}

/** When the line was written; undefined where it does not say so. */
export function timeOfLine(text: string): number | undefined {
  const known = /^\{"time":"([^"]{1,40})"/.exec(text)?.[1]; // our own lines begin so: no need to read all of each
  return known === undefined ? timeOf(eventOf(text)?.['time']) : timeOf(known);
}

function eventOf(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>; // an object, as it begins like one
  } catch {
    return undefined;
  }
}

/** An ISO 8601 text, or seconds since 1970. */
function timeOf(time: unknown): number | undefined {
  const ms = typeof time === 'number' ? time * 1000 : Date.parse(textOf(time) ?? '');
  return Number.isFinite(ms) ? ms : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
