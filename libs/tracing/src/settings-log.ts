import { diag, type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import type { EventLog } from './export-losses.ts';
import type { LogLevel, TracingConfig } from './tracing-config.ts';

/** The services of one process share a configuration: what is wrong with it is logged once. */
const reported = new WeakSet<TracingConfig['warnings']>();

/** Logs what was not understood in the settings, and from then on what OpenTelemetry's packages say about themselves. */
export function reportSettings(config: TracingConfig, log: EventLog): void {
  if (reported.has(config.warnings)) return;
  reported.add(config.warnings);
  for (const { variable, problem } of config.warnings) {
    log.warn('tracing setting is not understood', { variable, problem });
  }
  if (config.diagnostics === undefined) return;
  const logLevel = LEVELS[config.diagnostics];
  diag.setLogger(diagLogger(log), { logLevel, suppressOverrideMessage: true });
}

const LEVELS: Readonly<Record<LogLevel, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

function diagLogger(log: EventLog): DiagLogger {
  const message = 'OpenTelemetry reports';
  const warn = (text: string): void => {
    log.warn(message, { text });
  };
  const info = (text: string): void => {
    log.log(message, { text });
  };
  return { error: warn, warn, info, debug: info, verbose: info };
}
