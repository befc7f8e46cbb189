import { describe, expect, it } from '@jest/globals';
import { keepTrying } from '../src/keep-trying.ts';

const neverEnding = new AbortController().signal;

describe('keepTrying', () => {
  it('makes attempts until one succeeds, and reports each failure', async () => {
    const failures: [unknown, number][] = [];
    let attempts = 0;
    const connect = (): Promise<string> => {
      attempts += 1;
      return attempts < 4
        ? Promise.reject(new Error(`no ${attempts}`))
        : Promise.resolve('connected');
    };
    const failed = (error: unknown, count: number): void => {
      failures.push([error, count]);
    };
    const options = { firstMs: 1, longestMs: 2, signal: neverEnding, failed };
    expect(await keepTrying(connect, options)).toBe('connected');
    expect(failures).toEqual([
      [new Error('no 1'), 1],
      [new Error('no 2'), 2],
      [new Error('no 3'), 3],
    ]);
  });

  it('ends at once when the signal aborts during a wait', async () => {
    const ending = new AbortController();
    let attempts = 0;
    const trying = keepTrying<string>(
      () => {
        attempts += 1;
        return Promise.reject(new Error('no'));
      },
      {
        firstMs: 3_600_000,
        longestMs: 3_600_000,
        signal: ending.signal,
        failed: () => {
          setImmediate(() => {
            ending.abort();
          });
        },
      },
    );
    expect(await trying).toBeUndefined();
    expect(attempts).toBe(1);
  });

  it('makes no attempt when the signal has aborted before', async () => {
    let attempts = 0;
    const count = (): Promise<number> => Promise.resolve((attempts += 1));
    const result = await keepTrying(count, {
      firstMs: 1,
      longestMs: 1,
      signal: AbortSignal.abort(),
      failed: () => {
        throw new Error('no attempt, no failure');
      },
    });
    expect([result, attempts]).toEqual([undefined, 0]);
  });
});
