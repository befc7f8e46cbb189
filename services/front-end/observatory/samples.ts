import type { Figures, Traffic } from './api.ts';

const longest = 100; // five minutes of them

/** What the shop answered from outside, at moments from the first to the last. */
export function addSample(before: readonly Figures[], { requests }: Traffic): Figures[] {
  return [...before, requests].slice(-longest);
}

/** Of the failed among all, 0 to 1. */
export function errorShareOf({ count, errors }: Pick<Figures, 'count' | 'errors'>): number {
  return count === 0 ? 0 : errors / count;
}
