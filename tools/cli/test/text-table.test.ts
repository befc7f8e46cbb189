import { describe, expect, it } from '@jest/globals';
import { aligned } from '../src/text-table.ts';

describe('a table as text', () => {
  const rows = [
    ['name', 'state', 'MiB'],
    ['carts', 'ready', '52'],
    ['queue-master', '–', '7'],
  ];

  it('has its first column on the left and the others on the right', () => {
    expect(aligned(rows).split('\n')).toEqual([
      'name          state  MiB',
      'carts         ready   52',
      'queue-master      –    7',
    ]);
  });

  it('has as many columns on the left as asked for, and no blanks at the end of a line', () => {
    expect(aligned([['a'], ['b', 'long'], ['c', 'x']], 2).split('\n')).toEqual([
      'a',
      'b  long',
      'c  x',
    ]);
  });
});
