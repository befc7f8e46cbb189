import { describe, expect, it } from '@jest/globals';
import { findKnee, type Tried } from '../src/knee.ts';

describe('the search for the knee', () => {
  /** A shop that holds its promise up to a rate. */
  async function search(limit: number, first: number, flaky?: number) {
    const rates: number[] = [];
    const knee = await findKnee<Tried>(first, (rate) => {
      rates.push(rate);
      const held = rate <= limit && rates.length !== flaky;
      return Promise.resolve({ rate, held });
    });
    return { ...knee, rates };
  }

  it.each([
    [100, 2],
    [3, 2],
    [750, 200],
    [1.5, 2],
    [7, 50],
  ])('finds %d visits/s to 10 %% from %d', async (limit, first) => {
    const { held, broken } = await search(limit, first);
    expect(held!.rate).toBeLessThanOrEqual(limit);
    expect(broken!.rate).toBeGreaterThan(limit);
    expect(broken!.rate / held!.rate).toBeLessThanOrEqual(1.11);
  });

  it('doubles, then narrows, and believes no single failure', async () => {
    const { rates } = await search(30, 4, 2);
    expect(rates).toEqual([4, 8, 8, 16, 32, 32, 22.6, 26.9, 29.3]);
  });

  it('finds none where the lowest rate breaks the promise already', async () => {
    const { held, broken } = await search(0, 4);
    expect(held).toBeUndefined();
    expect(broken!.rate).toBeLessThan(0.1);
  });

  it('keeps what it has found when it is stopped', async () => {
    let attempts = 0;
    const knee = await findKnee<Tried>(4, (rate) =>
      Promise.resolve((attempts += 1) > 2 ? undefined : { rate, held: true }),
    );
    expect(knee).toEqual({ held: { rate: 8, held: true }, broken: undefined });
  });
});
