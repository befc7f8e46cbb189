import { within } from '@sockshop/resilience';
import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';

/** Runs one piece of work at a time for each key, in order of arrival, within this process. */
export class KeyedMutex {
  /** When the last piece of work of each key ends. */
  private readonly last = new Map<string, Promise<void>>();

  /** Runs `work` when the earlier ones have ended, and tells it whether there were any; undefined when that takes longer than `withinMs`. */
  async run<T>(
    key: string,
    withinMs: number,
    work: (waited: boolean) => Promise<T>,
  ): Promise<T | undefined> {
    const before = this.last.get(key);
    const turn = Promise.withResolvers<undefined>();
    const ended = before ? before.then(() => turn.promise) : turn.promise;
    this.last.set(key, ended);
    void ended.then(() => {
      if (this.last.get(key) === ended) this.last.delete(key);
    });
    try {
      if (before) {
        const since = performance.now();
        const over = await isOver(before, withinMs);
        recordWait(activeSpan(), shop.ORDER_TURN, since);
        if (!over) return undefined;
      }
      return await work(before !== undefined);
    } finally {
      turn.resolve(undefined);
    }
  }
}

function isOver(turn: Promise<void>, withinMs: number): Promise<boolean> {
  const late = (): Error => new Error('still running');
  return within(withinMs, turn, late).then(
    () => true,
    () => false,
  );
}
