import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../src/check.ts';
import { CHECKS } from '../src/checks.ts';
import { documentOf, factsOf, keptOutcomes, type Outcome, unaligned } from '../src/document.ts';
import { verdictOf } from '../src/mutants.ts';
import { resultOf } from '../src/named-tests.ts';
import { fileOf, patternOf, ROOT, sources } from '../src/workspace.ts';

const AMONG = new Map([['libs/a/src/a.ts', 'const a = b | c;\nconst d = `${a}`;']]);
const aCheck = (number: number, find: string): Check => ({
  number,
  says: 'A span has a name',
  tests: [{ file: 'libs/a/test/a.test.ts', title: 'has a name: %s' }],
  mutant: { find, replace: 'const x = 1;' },
});
const ran = (status: 'passed' | 'failed' | 'pending', ...failureMessages: string[]) => ({
  fullName: 'a span has a name: GET',
  status,
  failureMessages,
});

describe('docs/tracing-checks.md', () => {
  it('has the checks, tests and lines as they are now', () => {
    const rows = readFileSync(join(ROOT, 'docs', 'tracing-checks.md'), 'utf8')
      .split('\n')
      .map(unaligned);
    const among = sources();
    const missing = CHECKS.filter(
      (check) => !rows.some((row) => row.startsWith(unaligned(factsOf(check, among)))),
    );
    expect(missing.map(({ number }) => number)).toEqual([]);
  });

  it('keeps what it says of a check until the check changes', () => {
    const checks = [aCheck(1, 'const a = b | c;'), aCheck(2, 'const d = `${a}`;')];
    const outcomes = new Map<number, Outcome>([
      [1, { result: 'pass', verdict: 'red' }],
      [2, { result: 'fail', verdict: undefined }],
    ]);
    const text = documentOf(checks, outcomes, AMONG);
    expect(text).toContain('1 of 2 checks pass; 1 of 2 mutants turn their test red.');
    expect(keptOutcomes(text, checks, AMONG)).toEqual(outcomes);
    const changed = [{ ...checks[0]!, says: 'A span has two names' }];
    expect(keptOutcomes(text, changed, AMONG)).toEqual(
      new Map([[1, { result: undefined, verdict: undefined }]]),
    );
  });
});

describe('a mutant', () => {
  it.each([
    ['const a', 'libs/a/src/a.ts'],
    ['const e', /occurs nowhere/],
    ['const ', /occurs 2 times/],
  ])('changes a line that occurs once: %s', (find, expected) => {
    const { mutant } = aCheck(1, find);
    if (typeof expected === 'string') expect(fileOf(mutant, AMONG)).toBe(expected);
    else expect(() => fileOf(mutant, AMONG)).toThrow(expected);
  });

  it.each([
    ['red', [ran('passed'), ran('failed', 'Error: \u001b[2mexpect(\u001b[22m1).toBe(2)')]],
    ['red', [ran('failed', 'Error: not within 50000 ms: () => ended')]],
    ['not red: 1 tests, none failed', [ran('passed')]],
    [
      'not red: broke by TypeError: a is not a function',
      [ran('failed', 'TypeError: a is not a function')],
    ],
  ])('is %s', (verdict, tests) => {
    expect(verdictOf(tests)).toBe(verdict);
  });
});

describe('a named test', () => {
  it.each([
    ['pass', [ran('passed'), ran('passed')]],
    ['fail', [ran('passed'), ran('failed')]],
    ['skipped', [ran('passed'), ran('pending')]],
    ['fail', []],
  ])('has the result %s', (result, tests) => {
    expect(resultOf(tests)).toBe(result);
  });

  it('is found by its title, whatever stands for the values of a row', () => {
    const name = new RegExp(`${patternOf('to %s answered %d (${way}) has status %j')}$`);
    expect(
      name.test('a request to /socks answered 200 (in one process) has status {"code":0}'),
    ).toBe(true);
    expect(name.test('a request to /socks answered 200 has status {"code":0}')).toBe(false);
  });
});
