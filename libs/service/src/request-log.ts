import { context } from '@sockshop/tracing';
import type { EndedRequest } from '@sockshop/tracing/fastify';
import { isLevel, type JsonLog, type LogLevel } from './json-log.ts';

/** Level of the request lines. They are for finding a request, not for reading, so they are in no log unless one asks for them. */
const DEFAULT_LEVEL: LogLevel = 'debug';

/** What `REQUEST_LOG_LEVEL` says. A word that is no level counts as none. */
export function requestLogLevel(text: string | undefined): LogLevel | 'off' {
  const level = text?.toLowerCase();
  return level === 'off' || isLevel(level) ? level : DEFAULT_LEVEL;
}

/** Writes a line for each traced request, with the ids of its span: probes and files have none. */
export function requestLines(
  log: JsonLog,
  level: LogLevel | 'off',
): ((request: EndedRequest) => void) | undefined {
  if (level === 'off' || !log.isWritten(level)) return undefined;
  return ({ method, route, status, errorType, seconds, span, context: handled }) => {
    if (span === undefined) return;
    const durationMs = Math.round(seconds * 1e6) / 1000;
    const fields = { method, route, status, durationMs, errorType };
    context.with(handled, () => {
      log.at(level, 'request', fields);
    });
  };
}
