import { describe, expect, it } from '@jest/globals';
import { judge } from '../src/judge.ts';

const pledge = { maxErrorRate: 0.01, maxP95Ms: 300, requests: 200 };

describe('the promise of a canary', () => {
  it.each([
    [{ requests: 0, errors: 0 }, { kept: false }],
    [{ requests: 199, errors: 2, p95Ms: 900 }, { kept: false }],
    [{ requests: 200, errors: 2, p95Ms: 300 }, { kept: true }],
    [{ requests: 1000, errors: 10, p95Ms: 20 }, { kept: true }],
    [{ requests: 200, errors: 0 }, { kept: true }], // an instance that gives no figures of its own
  ])('%p: %p', (measured, verdict) => {
    expect(judge(measured, pledge)).toEqual(verdict);
  });

  it('is broken by errors as soon as the requests still to come cannot mend it', () => {
    expect(judge({ requests: 41, errors: 3 }, pledge)).toEqual({
      why: '3 of 41 requests failed (7.3 %, more than 1 % of 200; allowed: 1 %)',
    });
    expect(judge({ requests: 1000, errors: 11 }, pledge)).toEqual({
      why: '11 of 1000 requests failed (1.1 %; allowed: 1 %)',
    });
  });

  it('is broken by the first error where none is allowed', () => {
    expect(judge({ requests: 1, errors: 1 }, { ...pledge, maxErrorRate: 0 })).toHaveProperty('why');
  });

  it('is broken by slow requests once there are enough of them', () => {
    expect(judge({ requests: 250, errors: 0, p95Ms: 301 }, pledge)).toEqual({
      why: 'the p95 of 250 requests is 301 ms (allowed: 300 ms)',
    });
  });
});
