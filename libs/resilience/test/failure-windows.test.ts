import { describe, expect, it } from '@jest/globals';
import { FailureWindows } from '../src/failure-windows.ts';

describe('FailureWindows', () => {
  it('counts the failures of a key until its window ends', () => {
    let now = 5_000;
    const windows = new FailureWindows(10_000, () => now);
    windows.add('a');
    now += 2_500;
    windows.add('a');
    expect([windows.secondsLeft('a', 2), windows.secondsLeft('a', 3)]).toEqual([8, undefined]);
    expect(windows.secondsLeft('b', 1)).toBeUndefined();
    now += 7_500;
    expect(windows.secondsLeft('a', 2)).toBeUndefined();
    windows.add('a');
    expect([windows.secondsLeft('a', 1), windows.secondsLeft('a', 2)]).toEqual([10, undefined]);
  });

  it('takes back what was no failure, never more than there was', () => {
    const windows = new FailureWindows(10_000, () => 0);
    windows.add('a');
    for (let time = 0; time < 3; time += 1) windows.takeBack('a');
    windows.add('a');
    expect(windows.secondsLeft('a', 1)).toBe(10);
    windows.takeBack('unknown');
  });

  it('forgets the oldest of more than 20,000 keys', () => {
    const windows = new FailureWindows(10_000, () => 0);
    for (let key = 0; key <= 20_000; key += 1) windows.add(String(key));
    expect([windows.secondsLeft('0', 1), windows.secondsLeft('1', 1)]).toEqual([undefined, 10]);
  });
});
