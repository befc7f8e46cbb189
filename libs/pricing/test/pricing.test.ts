import { describe, expect, it } from '@jest/globals';
import { priceOf, priceOfPlacedOrder, type PricedLine } from '../src/index.ts';

const line = (quantity: number, unitPrice: number): PricedLine => ({ quantity, unitPrice });

describe('priceOf', () => {
  it.each([
    ['nothing', [], 0, 4.99],
    ['one sock', [line(1, 18)], 18, 22.99],
    ['three of one', [line(3, 17.15)], 51.45, 56.44],
    ['prices with the dust of 32-bit floats', [line(3, 17.149999618530273)], 51.45, 56.44],
    ['several of several', [line(2, 18), line(3, 7.5)], 58.5, 63.49],
    ['sums that are no binary fractions', [line(1, 0.1), line(1, 0.2)], 0.3, 5.29],
    ['much', [line(1, 100.01)], 100.01, 105],
  ])('adds 4.99 for shipping to the price of %s', (_what, lines, subtotal, total) => {
    expect(priceOf(lines)).toEqual({ subtotal, shipping: 4.99, total });
  });
});

describe('priceOfPlacedOrder', () => {
  it.each([
    ['by the rule', 22.99, 4.99],
    ['without shipping', 18, 0],
    ['as a 32-bit sum of the original', 22.989999771118164, 4.99],
  ])('takes shipping from the total of an order placed %s', (_how, total, shipping) => {
    expect(priceOfPlacedOrder({ items: [line(1, 18)], total })).toEqual({
      subtotal: 18,
      shipping,
      total,
    });
  });
});
