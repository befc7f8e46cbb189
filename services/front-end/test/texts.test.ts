import { describe, expect, it } from '@jest/globals';
import { isExpired } from '../storefront/customer/card-expiry.ts';
import { en } from '../storefront/i18n/en.ts';
import { zh } from '../storefront/i18n/zh.ts';

/** Every text of a language; those that are made from values, made from `values`. */
function texts(part: unknown, values: number): string[] {
  if (typeof part === 'string') return [part];
  if (typeof part === 'function') {
    const make = part as (...values: unknown[]) => string; // each text takes numbers or words
    return [make(values, values, values)];
  }
  return Object.values(part as object).flatMap((inner) => texts(inner, values));
}

describe('texts', () => {
  it.each([
    ['in English', en],
    ['in Chinese', zh],
  ])('%s leave no plural to the reader', (_in, language) => {
    for (const values of [0, 1, 2]) {
      expect(texts(language, values).filter((text) => /\((e?s|y|ies)\)/.test(text))).toEqual([]);
    }
  });

  it('in English count one thing and several things', () => {
    const things =
      /\b1 (?!ms\b)(more )?(items|products|orders|spans|errors|services|traces|characters)\b/;
    expect(texts(en, 1).filter((text) => things.test(text))).toEqual([]);
    expect([0, 1, 2].map(en.frame.itemsInCart)).toEqual([
      '0 items in cart',
      '1 item in cart',
      '2 items in cart',
    ]);
  });
});

describe('a card', () => {
  it.each([
    ['08/19', '2026-11-26', true],
    ['11/26', '2026-11-30T23:59:59', false],
    ['11/26', '2026-12-01T00:00:00', true],
    ['12/26', '2027-01-01T00:00:00', true],
    ['01/2027', '2027-01-31', false],
    ['11/2020', '2026-11-26', true],
    ['13/19', '2026-11-26', false],
    ['', '2026-11-26', false],
  ])('until %j on %s is expired: %p', (expires, now, expired) => {
    expect(isExpired(expires, new Date(now))).toBe(expired);
  });
});
