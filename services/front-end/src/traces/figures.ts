/** Calls of one kind, being counted. */
export class Figures {
  private readonly durationsMs: number[] = [];
  private failures = 0;

  add(durationMs: number, failed: boolean): void {
    this.durationsMs.push(durationMs);
    if (failed) this.failures += 1;
  }

  get count(): number {
    return this.durationsMs.length;
  }

  get errors(): number {
    return this.failures;
  }

  /** Of the failed among all, 0 to 1. */
  get errorShare(): number {
    return this.count === 0 ? 0 : this.failures / this.count;
  }

  get avgMs(): number {
    return this.count === 0 ? 0 : this.durationsMs.reduce((sum, ms) => sum + ms, 0) / this.count;
  }

  get maxMs(): number {
    return this.durationsMs.reduce((most, ms) => Math.max(most, ms), 0);
  }

  /** The duration that 95 of 100 did not exceed: of the measured ones, exactly (nearest rank). */
  get p95Ms(): number {
    const sorted = Float64Array.from(this.durationsMs).sort();
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  }
}
