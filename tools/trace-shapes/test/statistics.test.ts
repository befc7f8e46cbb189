import { describe, expect, it } from '@jest/globals';
import { meansDiffer, median, rankZ } from '../src/statistics.ts';

describe('statistics', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[], 0],
  ])('the median of %p is %p', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('two constant samples differ as soon as they are not equal', () => {
    expect(meansDiffer([1, 1], [1, 1])).toBe(false);
    expect(meansDiffer([1, 1], [2, 2])).toBe(true);
  });

  it('means differ only by more than their spread', () => {
    const one = Array.from({ length: 100 }, (_, nth) => nth % 10);
    expect(
      meansDiffer(
        one,
        one.map((value) => value + 1),
      ),
    ).toBe(false);
    expect(
      meansDiffer(
        one,
        one.map((value) => value + 3),
      ),
    ).toBe(true);
  });

  it('the rank test agrees with a worked example, ties included', () => {
    // U = 1 of [1, 2, 2, 3] and [2, 4, 5, 6]: ranks 1, 3, 3, 5 are 12, less 10; expected 8; ties of three.
    const z = (8 - 2) / Math.sqrt((16 / 12) * (9 - (3 ** 3 - 3) / (8 * 7)));
    expect(rankZ([1, 2, 2, 3], [2, 4, 5, 6])).toBeCloseTo(z, 10);
    expect(rankZ([1, 1], [1, 1])).toBe(0);
  });
});
