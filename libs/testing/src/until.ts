import type { InMemorySpanExporter, ReadableSpan } from '@opentelemetry/sdk-trace';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Longer than any event that a test waits for, and shorter than most tests' own limit, so that the failure shows the last answer. */
const PATIENCE_MS = 50_000;

/**
 * Calls `ask` until the answer is right (default: truthy) and returns it. An error counts as a wrong answer.
 * @throws Error with the last answer or error when it takes too long.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  right: (answer: T) => unknown = Boolean,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs + 5, 25)) {
    const last = await answerOf(ask);
    if ('answer' in last && right(last.answer)) return last.answer;
    if (Date.now() > deadline) {
      const found = 'answer' in last ? inspect(last.answer) : String(last.error);
      const cause = 'error' in last ? { cause: last.error } : {};
      throw new Error(`not within ${withinMs} ms: ${ask.toString()}; last: ${found}`, cause);
    }
    await pause(pauseMs);
  }
}

async function answerOf<T>(ask: () => T | Promise<T>): Promise<{ answer: T } | { error: unknown }> {
  try {
    return { answer: await ask() };
  } catch (error) {
    return { error };
  }
}

/** Waits for `count` spans and returns them: a SERVER span ends after its answer was sent. */
export async function ended(spans: InMemorySpanExporter, count: number): Promise<ReadableSpan[]> {
  return until(
    () => spans.getFinishedSpans(),
    ({ length }) => length >= count,
  );
}
