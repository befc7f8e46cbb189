import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '@sockshop/loadtest';
import { reconcile, type Stored, type StoredOrder } from '../src/reconcile.ts';

const WHO = { shopper: 2, username: 'load-2' };
let at = 1000;

function changed(route: string, fate: 'done' | 'refused' | 'unknown', item?: string, quantity = 1) {
  const line = item === undefined ? {} : { item, quantity };
  return { event: 'cart', at: at++, ...WHO, route, fate, ...line } as const;
}
const emptied = (fate: 'done' | 'unknown' = 'done') => changed('DELETE /cart', fate);
const added = (item: string, fate: 'done' | 'refused' | 'unknown' = 'done') =>
  changed('POST /cart', fate, item);
const ordered = (id: string) =>
  ({ event: 'checkout', at: at++, ...WHO, idempotencyKey: `key-${id}`, id, total: 10 }) as const;
const unanswered = (id: string) =>
  ({
    event: 'checkout',
    at: at++,
    ...WHO,
    idempotencyKey: `key-${id}`,
    fate: 'unknown',
  }) as const;

function anOrder(id: string, items: Record<string, number>, over: Partial<StoredOrder> = {}) {
  return {
    id,
    username: WHO.username,
    key: `key-${id}`,
    status: 'SHIPPED',
    history: ['CREATED', 'PAID', 'SHIPPING', 'SHIPPED'],
    items: Object.entries(items).map(([itemId, quantity]) => ({ itemId, quantity })),
    ...over,
  };
}

function stored(orders: StoredOrder[], cart: Record<string, number> = {}): Stored {
  return { orders, carts: new Map([[WHO.username, new Map(Object.entries(cart))]]) };
}

const kinds = (journal: JournalEntry[], stores: Stored): string[] =>
  reconcile(journal, stores).map(({ kind }) => kind);

describe('the reconciliation of orders', () => {
  const journal = [emptied(), added('a'), ordered('1')];

  it('finds nothing where each acknowledged order is stored, paid and shipped once', () => {
    expect(reconcile(journal, stored([anOrder('1', { a: 1 })]))).toEqual([]);
  });

  it.each([
    ['lost', 'is not stored', []],
    ['lost', 'was never paid', [anOrder('1', { a: 1 }, { history: ['CREATED', 'SHIPPED'] })]],
    [
      'unshipped',
      'waits',
      [anOrder('1', { a: 1 }, { status: 'PAID', history: ['CREATED', 'PAID'] })],
    ],
    [
      'doubled',
      'was paid twice',
      [anOrder('1', { a: 1 }, { history: ['PAID', 'PAID', 'SHIPPED'] })],
    ],
    [
      'doubled',
      'was shipped twice',
      [anOrder('1', { a: 1 }, { history: ['PAID', 'SHIPPED', 'SHIPPED'] })],
    ],
    ['doubled', 'is stored twice', [anOrder('1', { a: 1 }), anOrder('1', { a: 1 })]],
    [
      'doubled',
      'came twice of one key',
      [anOrder('1', { a: 1 }), anOrder('2', { a: 1 }, { key: 'key-1' })],
    ],
    [
      'unasked',
      'is beside one that no shopper asked for',
      [anOrder('1', { a: 1 }), anOrder('9', { a: 1 })],
    ],
    [
      'unshipped',
      'is beside one half made',
      [anOrder('1', { a: 1 }), anOrder('9', {}, { status: 'CREATED' })],
    ],
  ])('calls it %s where an order %s', (kind, _what, orders) => {
    expect(kinds(journal, stored(orders))).toEqual([kind]);
  });

  it('allows an order for a checkout without an answer, and none', () => {
    const open = [emptied(), added('a'), unanswered('1')];
    expect(kinds(open, stored([anOrder('1', { a: 1 })]))).toEqual([]);
    expect(kinds(open, stored([], { a: 1 }))).toEqual([]);
    expect(
      kinds(open, stored([anOrder('1', { a: 1 }, { status: 'CANCELLED' })], { a: 1 })),
    ).toEqual([]);
  });
});

describe('the reconciliation of carts', () => {
  it.each<[string, JournalEntry[], Record<string, number>]>([
    ['what was added', [added('a'), added('a'), added('b')], { a: 2, b: 1 }],
    ['what was added since it was emptied', [added('a'), emptied(), added('b')], { b: 1 }],
    [
      'a quantity that was set',
      [added('a'), changed('POST /cart/update', 'done', 'a', 3)],
      { a: 3 },
    ],
    [
      'nothing of a line that was removed',
      [added('a'), changed('DELETE /cart/{id}', 'done', 'a')],
      {},
    ],
    ['an add without an answer, carried out', [added('a', 'unknown')], { a: 1 }],
    ['an add without an answer, not carried out', [added('a', 'unknown')], {}],
    [
      'an add that was carried out after the cart was emptied',
      [added('a', 'unknown'), emptied()],
      { a: 1 },
    ],
    ['a cart whose emptying was not answered, full', [added('a'), emptied('unknown')], { a: 1 }],
    ['a cart whose emptying was not answered, empty', [added('a'), emptied('unknown')], {}],
    ['nothing that was refused', [added('a', 'refused')], {}],
    [
      'an unanswered quantity, old',
      [added('a'), changed('POST /cart/update', 'unknown', 'a', 3)],
      { a: 1 },
    ],
    [
      'an unanswered quantity, new',
      [added('a'), changed('POST /cart/update', 'unknown', 'a', 3)],
      { a: 3 },
    ],
  ])('lets a cart hold %s', (_what, journal, cart) => {
    expect(reconcile(journal, stored([], cart))).toEqual([]);
  });

  it.each<[string, JournalEntry[], Record<string, number>]>([
    ['an acknowledged piece is missing', [added('a'), added('a')], { a: 1 }],
    ['an acknowledged line is missing', [added('a'), added('b')], { a: 1 }],
    ['a piece is there twice', [added('a')], { a: 2 }],
    ['a line is there that was refused', [added('a', 'refused')], { a: 1 }],
    ['a cart is full that was emptied', [added('a'), emptied()], { a: 1 }],
    [
      'an acknowledged quantity is not there',
      [added('a'), changed('POST /cart/update', 'done', 'a', 3)],
      { a: 1 },
    ],
  ])('finds that %s', (_what, journal, cart) => {
    expect(kinds(journal, stored([], cart))).toEqual(['cart']);
  });

  it('finds what an order lacks of its cart, and what it has too much', () => {
    const journal = [emptied(), added('a'), added('b'), ordered('1')];
    expect(kinds(journal, stored([anOrder('1', { a: 1 })]))).toEqual(['cart']);
    expect(kinds(journal, stored([anOrder('1', { a: 1, b: 2 })]))).toEqual(['cart']);
    expect(kinds(journal, stored([anOrder('1', { a: 1, b: 1 })]))).toEqual([]);
  });

  it('lets the lines of an order leave the cart when they like', () => {
    const journal = [emptied(), added('a'), ordered('1')];
    expect(kinds(journal, stored([anOrder('1', { a: 1 })], { a: 1 }))).toEqual([]);
  });
});
