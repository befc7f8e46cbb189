import { describe, expect, it } from '@jest/globals';
import { lossless } from '../src/lossless.ts';
import { CheckFailedError, Report } from '../src/report.ts';

describe('the report of a test run', () => {
  it('goes on after a check that fails, and then exits with 1', async () => {
    const lines: string[] = [];
    const report = new Report((line) => lines.push(line.replace(/\(\d+ s\)/, '(… s)')));
    await report.check('pods', () => Promise.reject(new CheckFailedError(['no pod', 'no node'])));
    await report.check('names', () => Promise.resolve(['14 names']));
    expect(report.end()).toBe(1);
    expect(lines).toEqual([
      'FAILED pods (… s)',
      '         no pod',
      '         no node',
      'ok     names (… s)',
      '         14 names',
      '1 of 2 checks held',
    ]);
  });

  it('is no success where nothing was checked', () => {
    expect(new Report(() => undefined).end()).toBe(1);
  });
});

describe('what was done under load', () => {
  const quiet = { requests: 500, failed: 0, orders: 20, seconds: 12.4, p95Ms: 80.2, failures: [] };

  it('holds where no request failed', () => {
    expect(lossless('restart', quiet)).toEqual([
      'restart: 0 of 500 requests failed, 20 orders, 95 % within 80 ms, 12 s',
    ]);
  });

  it.each([
    ['one request failed', { failed: 1, failures: ['1 × GET /: 502'] }, '1 × GET /: 502'],
    ['there were hardly any requests', { requests: 99 }, 'too few requests'],
  ])('fails where %s', (_what, different, line) => {
    const check = () => lossless('restart', { ...quiet, ...different });
    expect(check).toThrow(CheckFailedError);
    expect(check).toThrow(line);
  });
});
