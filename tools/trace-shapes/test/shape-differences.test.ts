import { describe, expect, it } from '@jest/globals';
import { parseShape } from '../src/shape.ts';
import { shapeDifferences } from '../src/shape-differences.ts';

const ORDER = `front-end SERVER post /orders
  front-end CLIENT post /orders
    orders SERVER post /orders
      orders CLIENT post /paymentauth
        payment SERVER post /paymentauth
      orders STORE
`;

describe('the difference between two shapes', () => {
  it('is none between equal ones, whatever the order of siblings', () => {
    const other = 'a SERVER x\n  a STORE\n  a CLIENT y\n';
    const same = 'a SERVER x\n  a CLIENT y\n  a STORE\n';
    expect(shapeDifferences(parseShape(other), parseShape(same))).toEqual([]);
  });

  it.each([
    [
      'a span that is missing with what is below it',
      ORDER.replace(/ +orders CLIENT post \/paymentauth\n +payment.*\n/, ''),
      'missing: orders CLIENT post /paymentauth with the span below it, below orders SERVER post /orders',
    ],
    [
      'a new span',
      ORDER.replace('      orders STORE', '      orders INTERNAL check stock\n      orders STORE'),
      'new: orders INTERNAL check stock, below orders SERVER post /orders',
    ],
    [
      'another outcome',
      ORDER.replace('payment SERVER post /paymentauth', 'payment SERVER post /paymentauth [503]'),
      'payment SERVER post /paymentauth, below orders CLIENT post /paymentauth ends with 503; expected: succeeds',
    ],
    [
      'a span that has another parent',
      ORDER.replace('      orders STORE', '        orders STORE'),
      'moved: orders STORE, from orders SERVER post /orders to orders CLIENT post /paymentauth',
    ],
    ['a second root', `${ORDER}orders SERVER post /orders\n`, 'new: orders SERVER post /orders'],
  ])('names %s', (_what, found, words) => {
    const differences = shapeDifferences(parseShape(ORDER), parseShape(found));
    expect(differences.map((difference) => difference.words)).toEqual([words]);
  });

  it('says that a span came between two, not that one went and another came', () => {
    const wrapped = `front-end SERVER post /orders
  front-end INTERNAL place order
    front-end CLIENT post /orders
      orders SERVER post /orders
        orders CLIENT post /paymentauth
          payment SERVER post /paymentauth
        orders STORE
`;
    const words = shapeDifferences(parseShape(ORDER), parseShape(wrapped)).map(
      (each) => each.words,
    );
    expect(words).toEqual([
      'moved: front-end CLIENT post /orders, from front-end SERVER post /orders to front-end INTERNAL place order',
      'new: front-end INTERNAL place order, below front-end SERVER post /orders',
    ]);
    const back = shapeDifferences(parseShape(wrapped), parseShape(ORDER)).map((each) => each.words);
    expect(back).toEqual([
      'moved: front-end CLIENT post /orders, from front-end INTERNAL place order to front-end SERVER post /orders',
      'missing: front-end INTERNAL place order, below front-end SERVER post /orders',
    ]);
  });
});
