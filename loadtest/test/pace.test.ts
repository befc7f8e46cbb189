import { describe, expect, it } from '@jest/globals';
import { FailurePause, thinkMs, type Think } from '../src/pace.ts';
import { Random } from '../src/random.ts';

function thoughts(think: Think): number[] {
  const random = new Random(1);
  return Array.from({ length: 10_000 }, () => thinkMs(think, random));
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;

describe('think time', () => {
  it('has the given mean, and is at most five times the mean', () => {
    const times = thoughts({ meanMs: 150 });
    expect(mean(times)).toBeGreaterThan(143);
    expect(mean(times)).toBeLessThan(157);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(750);
  });

  it('stays in the given range', () => {
    const times = thoughts({ minMs: 100, maxMs: 300 });
    expect(Math.min(...times)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...times)).toBeLessThanOrEqual(300);
    expect(Math.abs(mean(times) - 200)).toBeLessThan(5);
  });

  it('is absent when it is 0', () => {
    expect(new Set(thoughts({ meanMs: 0 }))).toEqual(new Set([0]));
  });
});

describe('back-off', () => {
  it('doubles from 250 ms to 5 s, and starts again', () => {
    const pause = new FailurePause(new Random(1));
    for (const longestMs of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const ms = pause.nextMs();
      expect(ms).toBeGreaterThanOrEqual(longestMs / 2);
      expect(ms).toBeLessThanOrEqual(longestMs);
    }
    pause.reset();
    expect(pause.nextMs()).toBeLessThanOrEqual(250);
  });

  it('waits as long as the shop asks, up to 30 s', () => {
    const pause = new FailurePause(new Random(1));
    expect([pause.nextMs(7_000), pause.nextMs(3_600_000)]).toEqual([7_000, 30_000]);
  });
});
