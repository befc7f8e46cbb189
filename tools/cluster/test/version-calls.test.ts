import { describe, expect, it } from '@jest/globals';
import { shareOf } from '../src/version-calls.ts';

describe('the share of a version', () => {
  it('is held within four standard deviations', () => {
    const { line, held } = shareOf({ v1: 897, v2: 103 }, 0.1);
    expect(held).toBe(true);
    expect(line).toBe('103 of 1000 calls of orders reached v2 (10.3 %), 10.0 % ± 3.8 % expected');
  });

  it.each([
    [{ v1: 861, v2: 139 }, 0.1],
    [{ v1: 939, v2: 61 }, 0.1],
    [{ v1: 1, v2: 999 }, 1],
    [{ v1: 999, v2: 1 }, 0],
  ])('is not held by %j, where it is to be %d', (calls, share) => {
    expect(shareOf(calls, share).held).toBe(false);
  });
});
