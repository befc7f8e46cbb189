import { describe, expect, it } from '@jest/globals';
import { maskCards } from '../src/mask-cards.ts';

describe('maskCards', () => {
  it.each([
    ['5544154011345918', '************5918'],
    ['1234567890', '******7890'],
    ['12345', '*2345'],
    ['1234', '****'],
    ['', ''],
    [5544154011345918, '************5918'],
    [null, null],
    [{ hidden: '5544154011345918' }, null],
  ])('shows of the number %p only %p', (longNum, shown) => {
    expect(maskCards({ longNum })).toEqual({ longNum: shown });
  });

  it('masks at any depth and leaves all else as it is', () => {
    const order = {
      id: 'o1',
      total: 22.99,
      card: { id: null, longNum: '5544154011345918', expires: '08/19', ccv: '958' },
      customer: { cards: [{ longNum: '5953580604169678', ccv: null }], constructor: 'Eve' },
    };
    expect(maskCards([order])).toEqual([
      {
        id: 'o1',
        total: 22.99,
        card: { id: null, longNum: '************5918', expires: '08/19', ccv: '***' },
        customer: { cards: [{ longNum: '************9678', ccv: null }], constructor: 'Eve' },
      },
    ]);
  });
});
