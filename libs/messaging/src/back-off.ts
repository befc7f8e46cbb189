const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** Milliseconds to wait after so many failures: doubling, bounded, and spread so that services do not come back all at once. */
export function backOffMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * (0.5 + Math.random() / 2);
}
