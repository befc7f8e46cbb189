import type { Figures } from './api.ts';
import { errorShareOf } from './samples.ts';

/** Of calls or a part: drawn by colour, line pattern and words. */
export type Health = 'well' | 'some' | 'many' | 'quiet';

const manyErrors = 0.05;

export function healthOf(figures: Pick<Figures, 'count' | 'errors'>): Health {
  if (figures.count === 0) return 'quiet';
  if (figures.errors === 0) return 'well';
  return errorShareOf(figures) < manyErrors ? 'some' : 'many';
}
