import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Progress, type Screen } from '../src/progress.ts';
import { summaryOf } from '../src/summary.ts';
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

const pages = { page: (id: string) => `http://traces/${id}` };

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
    const progress = new Progress(screen({}), () => summaryOf(tally, (elapsedMs += 5_000)), pages);
    jest.advanceTimersByTime(10_000);
    progress.end();
    expect(written).toBe(
      '    5 s  2 requests (0.4/s), 0 orders, 1 declined, 0 errors\n' +
        '   10 s  2 requests (0.0/s), 0 orders, 1 declined, 0 errors\n',
    );
  });

  it('is a table drawn over the one before on a terminal, erased at the end', () => {
    const tally = aTally();
    const progress = new Progress(
      screen({ isTTY: true, rows: 50 }),
      () => summaryOf(tally, 1_000),
      pages,
    );
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

  it('links the slowest response and the last errors while the run goes on', () => {
    const tally = aTally();
    const failed = { journey: '', route: 'GET /', status: '503', outcome: 'error' } as const;
    tally.record({ ...failed, ms: 70, detail: 'no', traceId: 'feed' });
    const progress = new Progress(
      screen({ isTTY: true, rows: 50 }),
      () => summaryOf(tally, 1_000),
      pages,
    );
    jest.advanceTimersByTime(1_000);
    progress.end();
    expect(written).toContain(
      'slowest response\n  GET / 503 in 70.0 ms\n    http://traces/feed\nroute ',
    );
    expect(written).toContain('  GET / 503: no\n    http://traces/feed\n');
  });

  it('is no wider than the terminal, whose second half of a line could not be erased', () => {
    const tally = aTally();
    tally.visited('buy', 20, true);
    tally.arrived();
    tally.inShop(1);
    const failed = { journey: '', route: 'GET /', status: '503', outcome: 'error' } as const;
    tally.record({ ...failed, ms: 70, detail: 'long '.repeat(30), traceId: '' });
    const narrow = screen({ isTTY: true, rows: 50, columns: 60 });
    const progress = new Progress(narrow, () => summaryOf(tally, 1_000), pages);
    jest.advanceTimersByTime(1_000);
    progress.end();
    const lines = written.split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBe(60);
    expect(written).toMatch(/^journey +visits/m);
    expect(written).toContain(`\x1b[${lines.length - 1}A`);
  });

  it('says that shoppers wait after a failure', () => {
    const tally = aTally();
    tally.backingOff(1, 'GET /catalogue: ECONNREFUSED');
    const progress = new Progress(screen({}), () => summaryOf(tally, 5_000), pages);
    jest.advanceTimersByTime(5_000);
    tally.backingOff(-1);
    jest.advanceTimersByTime(5_000);
    progress.end();
    const [first, second] = written.split('\n');
    expect(first).toMatch(/0 errors; 1 shopper waits after GET \/catalogue: ECONNREFUSED$/);
    expect(second).toMatch(/0 errors$/);
  });

  it('never draws more than the terminal can erase', () => {
    const tally = aTally();
    const progress = new Progress(
      screen({ isTTY: true, rows: 3 }),
      () => summaryOf(tally, 1_000),
      pages,
    );
    jest.advanceTimersByTime(1_000);
    progress.end();
    expect(written.split('\n')).toHaveLength(3);
    expect(written).toContain('\x1b[2A');
  });
});
