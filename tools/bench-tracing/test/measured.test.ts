import { expect, it, jest } from '@jest/globals';
import { measured, MODES } from '../src/measured.ts';

jest.setTimeout(60_000);

it('measures what a request costs in each mode, against none', async () => {
  const costs = await measured({ rounds: 1, requests: 200 });
  expect(costs.map(({ mode }) => mode)).toEqual([...MODES]);
  expect(costs[0]?.ratio).toBe(1);
  for (const { micros, ratio } of costs) {
    expect(micros).toBeGreaterThan(0);
    expect(ratio).toBeGreaterThan(0);
  }
});
