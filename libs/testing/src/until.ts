import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than anything here takes; without an end the poll would outlive its test. */
const PATIENCE_MS = 100_000;

/** Waits for the thing. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never became true: ${holds.toString()}`);
    await pause(5);
  }
}

/** The spans, once there are `count` of them: a SERVER span ends after its answer was sent. */
export async function ended(spans: InMemorySpanExporter, count: number): Promise<ReadableSpan[]> {
  await until(() => spans.getFinishedSpans().length >= count);
  return spans.getFinishedSpans();
}
