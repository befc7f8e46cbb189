import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Progress, type Screen } from '../src/progress.ts';
import { Tally } from '../src/tally.ts';

function aTally(): Tally {
  const tally = new Tally();
  tally.record({
    journey: '',
    route: 'GET /',
    status: '200',
    outcome: 'ok',
    ms: 4,
    detail: '',
    traceId: '',
  });
  tally.record({
    journey: '',
    route: 'POST /orders',
    status: '406',
    outcome: 'business',
    ms: 9,
    detail: '',
    traceId: '',
  });
  tally.declined();
  return tally;
}

describe('progress', () => {
  let written: string;
  const screen = (more: Partial<Screen>): Screen => {
    return { write: (text) => (written += text), ...more };
  };
  beforeEach(() => {
    written = '';
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is a plain line every five seconds where there is no terminal', () => {
    const tally = aTally();
    let elapsedMs = 0;
    const progress = new Progress(screen({}), () => tally.summary((elapsedMs += 5_000)));
    jest.advanceTimersByTime(10_000);
    progress.end();
    expect(written).toBe(
      '    5 s  2 requests (0.4/s), 0 orders, 1 declined, 0 errors\n' +
        '   10 s  2 requests (0.0/s), 0 orders, 1 declined, 0 errors\n',
    );
  });

  it('is a table drawn over the one before on a terminal, erased at the end', () => {
    const tally = aTally();
    const progress = new Progress(screen({ isTTY: true, rows: 50 }), () => tally.summary(1_000));
    jest.advanceTimersByTime(2_000);
    progress.end();
    const rows = [
      'route         status            count  per s  p50 ms  p95 ms  p99 ms',
      'GET /         200                   1    1.0     4.0     4.0     4.0',
      'POST /orders  406     business      1    1.0     9.0     9.0     9.0',
      'all                                 2    2.0     4.0     9.0     9.0',
    ];
    const drawn = (rate: string) =>
      [`    1 s  2 requests (${rate}/s), 0 orders, 1 declined, 0 errors`, ...rows, ''].join('\n');
    const erased = '\x1b[5A\x1b[J';
    const rates = [drawn('2.0'), erased, drawn('0.0'), erased];
    expect(written).toBe(rates.join(''));
  });

  it('never draws more than the terminal can erase', () => {
    const tally = aTally();
    const progress = new Progress(screen({ isTTY: true, rows: 3 }), () => tally.summary(1_000));
    jest.advanceTimersByTime(1_000);
    progress.end();
    expect(written.split('\n')).toHaveLength(3);
    expect(written).toContain('\x1b[2A');
  });
});
