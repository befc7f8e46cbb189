export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

/** Runs a step and prints how long it took. */
export async function timed<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  console.log(`${title} …`);
  const result = await work();
  console.log(`${title} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
