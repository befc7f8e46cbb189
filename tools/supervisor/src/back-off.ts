/** The first wait before a restart; each further one is twice as long, up to the longest. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** A process that has run so long starts again with the first wait. */
const STEADY_MS = 30_000;

/** How long to wait before a process is started again that keeps ending. */
export class BackOff {
  private failures = 0;

  /** Milliseconds; half of it is left to chance, so that several do not come back in step. `ranMs`: how long the process ran. */
  nextMs(ranMs: number): number {
    if (ranMs > STEADY_MS) this.failures = 0;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++);
    return longest * (0.5 + Math.random() / 2);
  }
}
