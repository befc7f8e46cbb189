import { describe, expect, it } from '@jest/globals';
import { CHECKS } from '../src/checks.ts';
import { fileOf, hasTest, sources } from '../src/workspace.ts';

const among = sources();

it('are numbered from 1 to 60', () => {
  expect(CHECKS.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
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
