import { describe, expect, it } from '@jest/globals';
import { spreadOf } from '../src/spread.ts';

describe('the spread of rounds', () => {
  it.each([
    [[3], { min: 3, median: 3, max: 3 }],
    [[5, 1, 3], { min: 1, median: 3, max: 5 }],
    [[4, 1, 3, 2], { min: 1, median: 2.5, max: 4 }],
    [[1.23456789, 100_004], { min: 1.235, median: 50_000, max: 100_000 }],
    [[], { min: 0, median: 0, max: 0 }],
  ])('of %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });
});
