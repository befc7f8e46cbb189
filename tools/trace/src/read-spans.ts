import { createReadStream } from 'node:fs';
import { objectsOf, UnreadableError } from './read-json.ts';
import { readOtlp } from './read-otlp.ts';
import { readZipkinSpan } from './read-zipkin.ts';
import type { Span } from './span.ts';

/**
 * Spans in Zipkin's v2 JSON or OTLP's JSON, which may be mixed: one object, a list, a list of lists, or one object a line.
 * @throws UnreadableError
 */
export async function readSpans(chunks: AsyncIterable<Uint8Array>): Promise<Span[]> {
  const spans: Span[] = [];
  for await (const object of objectsOf(chunks)) {
    if ('resourceSpans' in object) for (const span of readOtlp(object)) spans.push(span);
    else if ('traceId' in object && ('id' in object || 'localEndpoint' in object))
      spans.push(readZipkinSpan(object));
    else if (!('resourceLogs' in object || 'resourceMetrics' in object))
      throw new UnreadableError(
        'an object is neither a span of Zipkin (v2) nor an export of OTLP (resourceSpans)',
      );
  }
  return spans;
}

/** The same of a file; `-` is the standard input. @throws UnreadableError, or the system's error */
export function readSpansOfFile(file: string): Promise<Span[]> {
  return readSpans(
    file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 }),
  );
}

/** The same of a text. @throws UnreadableError */
export async function readSpansOfText(text: string): Promise<Span[]> {
  return readSpans(ofOne(Buffer.from(text)));
}

async function* ofOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
