import { setTimeout as pause } from 'node:timers/promises';

/** Longer than anything here takes; without an end the poll would outlive its test. */
const PATIENCE_MS = 20_000;

/** Waits for the thing. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never became true: ${holds.toString()}`);
    await pause(5);
  }
}
