/** Repeatable random numbers (mulberry32): the same seed and stream make the same choices. Not for secrets. */
export class Random {
  private state: number;

  /** Each shopper has its own stream, so the timing of others does not change its choices. */
  constructor(seed: number, stream = 0) {
    this.state = (seed ^ Math.imul(stream, 0x9e3779b9)) >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('nothing to pick from');
    // The index is below the length, which the compiler cannot know.
    return list[this.whole(0, list.length - 1)] as T;
  }

  /** One of the names, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const all = Object.entries(weights) as [K, number][]; // the type's own keys
    let left = this.next() * all.reduce((sum, [, weight]) => sum + weight, 0);
    const found = all.find(([, weight]) => (left -= weight) < 0) ?? all.at(-1);
    if (!found) throw new RangeError('nothing to choose from');
    return found[0];
  }

  /** Up to `count` different elements, in random order. */
  pickSome<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    const picked: T[] = [];
    while (picked.length < count && rest.length > 0) {
      picked.push(...rest.splice(this.whole(0, rest.length - 1), 1));
    }
    return picked;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.whole(0, 9)).join('');
  }
}
