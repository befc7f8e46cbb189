/** Of an even number of values the mean of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/**
 * Whether the means of two samples differ by more than chance: both are constant and not equal, or the difference is more than four
 * standard errors (Welch).
 */
export function meansDiffer(one: readonly number[], other: readonly number[]): boolean {
  const [a, b] = [momentsOf(one), momentsOf(other)];
  const difference = Math.abs(a.mean - b.mean);
  if (difference === 0) return false;
  return difference > 4 * Math.sqrt(a.variance / one.length + b.variance / other.length);
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: values.length > 1 ? squares / (values.length - 1) : 0 };
}

/**
 * How sure it is that one sample lies above the other: the z of the Mann-Whitney U test, corrected for ties. Latencies are far from a normal
 * distribution, so the test uses ranks only. 0 where all values are equal.
 */
export function rankZ(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map((value) => ({ value, first: true })),
    ...other.map((value) => ({ value, first: false })),
  ].sort((a, b) => a.value - b.value);
  const n = all.length;
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < n;) {
    let to = from;
    while (to < n && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + 1 + to) / 2; // the mean of ranks from + 1 to `to`
    for (let at = from; at < to; at += 1) if (all[at]?.first) rankSum += rank;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const u = rankSum - (one.length * (one.length + 1)) / 2;
  const mean = (one.length * other.length) / 2;
  const variance = ((one.length * other.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  return variance > 0 ? (mean - u) / Math.sqrt(variance) : 0;
}
