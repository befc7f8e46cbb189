import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readCosts } from '../src/costs.ts';
import { figuresOf } from '../src/figures.ts';
import { DOCUMENT, withFigures } from '../src/scaling.ts';

it('the tables of docs/scaling.md are what npm run scaling computes from the measured costs', () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  expect(withFigures(text, figuresOf(readCosts()))).toBe(text);
});
