import type { LogLevel, LogLine } from '@sockshop/log-lines';
import { styleText } from 'node:util';

const COLOURS: Readonly<Record<LogLevel, 'gray' | 'green' | 'yellow' | 'red'>> = {
  debug: 'gray',
  info: 'green',
  warn: 'yellow',
  error: 'red',
};
/** So wide that the names of all services stand below each other. */
const SERVICE_WIDTH = 12;

/** One line for a person. `--trace` makes the trace's id the same on each line, so it is left out. */
export function shown(line: LogLine, withTrace: boolean): string {
  const { atMs, level, service, instance, message, fields, traceId } = line;
  const named = instance.startsWith(`${service}-`) ? instance : service; // one log for all has no instance
  const values = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  const trace = withTrace && traceId !== undefined ? [`trace=${traceId}`] : [];
  return [
    styled('gray', new Date(atMs).toISOString()),
    styled(COLOURS[level], level.padEnd(5)),
    named.padEnd(SERVICE_WIDTH),
    printable(message),
    styled('gray', printable([...values, ...trace].join(' '))),
  ]
    .join(' ')
    .trimEnd();
}

function valueText(value: unknown): string {
  return typeof value === 'string' && /^[^\s"]+$/.test(value) ? value : JSON.stringify(value);
}

/** A log may quote what a client sent: nothing of it may steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}

/** Plain where the output is no terminal, and with NO_COLOR. */
function styled(format: 'gray' | 'green' | 'yellow' | 'red', text: string): string {
  return text === '' ? '' : styleText(format, text, { stream: process.stdout });
}
