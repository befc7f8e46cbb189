import { describe, expect, it } from '@jest/globals';
import { CHECKS } from '../src/checks.ts';
import { fileOf, hasTest, sources } from '../src/workspace.ts';

const among = sources();

it('each number occurs once, in order', () => {
  const numbers = CHECKS.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
});

describe.each(CHECKS)('check $number', ({ tests, mutant }) => {
  it('has tests that exist', () => {
    expect(tests.filter((test) => !hasTest(test))).toEqual([]);
  });

  it('has a mutant whose line occurs once and changes', () => {
    expect(fileOf(mutant, among)).toMatch(/^(libs|services)\/.*\.ts$/);
    expect(mutant.replace).not.toBe(mutant.find);
  });
});
