/** A log line that was written inside of a span. */
interface TracedLine {
  readonly service: string;
  readonly message: string;
  readonly trace_id: string;
  readonly span_id: string;
}

export function tracedLines(log: string): TracedLine[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"trace_id"'))
    .map((line) => JSON.parse(line) as TracedLine); // as libs/service writes them
}
