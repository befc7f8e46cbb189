import { describe, expect, it } from '@jest/globals';
import { verdictOn } from '../src/verdict.ts';
import { aSeries } from './a-result.ts';

describe('what a series means', () => {
  it.each([
    [
      'flat',
      { 10: 1, 1000: 1.1, 100_000: 1.9 },
      'Flat: 10,000 times the socks cost 1.9 times as much.',
    ],
    [
      'flat',
      { 10: 5, 1000: 1, 100_000: 1.2 },
      'Flat: 10,000 times the socks cost 0.2 times as much.',
    ],
    ['linear', { 1: 1, 10: 1.1, 100: 2.1, 1000: 12 }, 'Linear: each of the socks adds 11 µs.'],
    ['linear', { 10: 1, 100_000: 1.5 }, 'Flat: 10,000 times the socks cost 1.5 times as much.'],
  ] as const)('%s as expected: %j', (expected, costs, text) => {
    expect(verdictOn(aSeries(expected, costs))).toEqual({ cliff: false, text });
  });

  it.each([
    [
      'flat',
      { 10: 1, 1000: 1.5, 100_000: 40 },
      'Cliff at 100,000: 10,000 times the socks cost 40.0 times as much.',
    ],
    [
      'linear',
      { 1: 1, 10: 2, 100: 12, 1000: 500 },
      'Cliff at 1,000: 1,000 times the socks cost 500.0 times as much.',
    ],
  ] as const)('%s, but steeper: %j', (expected, costs, text) => {
    expect(verdictOn(aSeries(expected, costs))).toEqual({ cliff: true, text });
  });

  it('is a cliff where requests fail', () => {
    const series = aSeries('flat', { 10: 1, 100: 1 }, { 'GET /catalogue: status 503': 7 });
    expect(verdictOn(series)).toEqual({
      cliff: true,
      text: 'Cliff: with 100 socks, requests fail (GET /catalogue: status 503, 7 times).',
    });
  });
});
