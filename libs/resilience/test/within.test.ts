import { describe, expect, it } from '@jest/globals';
import { within } from '../src/within.ts';

const late = (): Error => new Error('late');

describe('within', () => {
  it('is the result or the error of work that ends in time', async () => {
    expect(await within(60_000, Promise.resolve('done'), late)).toBe('done');
    const failing = within(60_000, Promise.reject(new Error('no')), late);
    await expect(failing).rejects.toThrow('no');
  });

  it('is the error for late work; a later failure of the work is not unhandled', async () => {
    const work = Promise.withResolvers<string>();
    await expect(within(1, work.promise, late)).rejects.toThrow('late');
    work.reject(new Error('too late'));
    await expect(work.promise).rejects.toThrow('too late');
  });
});
