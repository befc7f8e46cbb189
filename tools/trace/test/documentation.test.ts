import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleTable } from '../src/rule-table.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../../docs/trace-lint.md'), 'utf8');

/** Prettier widens the columns. */
const narrow = (table: string): string =>
  table.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');

it('docs/trace-lint.md has the table of the rules', () => {
  expect(narrow(DOCUMENT)).toContain(narrow(ruleTable()));
});
