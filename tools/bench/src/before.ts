import type { JourneyName } from './journeys.ts';

/** Figures of CPU time in ms per request or flow with 10 connections; a text may be a range. */
export interface Before {
  readonly journey: JourneyName;
  readonly original: string;
  /** Of this shop, traced at 100 %, before it was made faster. */
  readonly distributed: string;
  readonly embedded: string;
  /** At most so many ms. */
  readonly aim: { readonly distributed: number; readonly embedded?: number };
}

/**
 * Measured once, in one run: the original's eight services, built from their source, without tracing, and this shop before. The
 * machine had two cores, and the reference needed 0.05 to 0.09 ms.
 */
export const BEFORE: readonly Before[] = [
  {
    journey: 'catalogue',
    original: '4.4',
    distributed: '6.69 (140 times the reference)',
    embedded: '4.9',
    aim: { distributed: 1.5 },
  },
  {
    journey: 'home',
    original: '1.2–1.4',
    distributed: '0.68 (18 times)',
    embedded: '1.3',
    aim: { distributed: 0.4 },
  },
  {
    journey: 'order',
    original: '156–172',
    distributed: '146 (2927 times)',
    embedded: '40–48',
    aim: { distributed: 55, embedded: 20 },
  },
];
