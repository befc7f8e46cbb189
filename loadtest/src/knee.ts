/** Rates are told apart to this: the knee is found to 10 %. */
const narrow = 1.1;
const highest = 100_000;

export interface Tried {
  /** Visits per second. */
  readonly rate: number;
  readonly held: boolean;
}

/** The highest rate that held the promise, and the lowest that broke it, as far as they were found. */
export interface Knee<T extends Tried> {
  readonly held: T | undefined;
  readonly broken: T | undefined;
}

/**
 * Doubles the rate until the promise breaks, then narrows. A rate breaks it when it did so twice: one collection of garbage at the wrong
 * moment says nothing.
 * @param attempt undefined: stopped
 */
export async function findKnee<T extends Tried>(
  first: number,
  attempt: (rate: number) => Promise<T | undefined>,
): Promise<Knee<T>> {
  let held: T | undefined;
  let broken: T | undefined;
  const next = (): number => {
    if (!broken) return held ? held.rate * 2 : first;
    return held ? Math.sqrt(held.rate * broken.rate) : broken.rate / 4;
  };
  const found = (): boolean =>
    broken === undefined
      ? held !== undefined && held.rate >= highest
      : held !== undefined
        ? broken.rate / held.rate <= narrow
        : broken.rate < first / 50;
  while (!found()) {
    const rate = Number(next().toPrecision(3));
    let tried = await attempt(rate);
    if (tried && !tried.held) tried = await attempt(rate);
    if (!tried) break;
    if (tried.held) held = tried;
    else broken = tried;
  }
  return { held, broken };
}
