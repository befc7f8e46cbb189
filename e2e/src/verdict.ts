import type { Counts } from './counts.ts';

/** The last lines of a run, and its exit code. In CI nothing may be missing: a skipped suite was not tested. */
export function verdict(
  { passed, failed, skipped }: Counts,
  flaky: readonly string[],
  ci: boolean,
): { lines: string[]; code: number } {
  const failures = failed + (ci ? skipped : 0);
  return {
    lines: [
      ...flaky.map((name) => `passed alone, failed among others: ${name}`),
      `${passed} passed, ${failures} failed, ${skipped} skipped`,
    ],
    code: failures === 0 ? 0 : 1,
  };
}
