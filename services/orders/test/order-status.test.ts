import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { isFinished, ORDER_STATUSES, transitionTo } from '../src/order-status.ts';

describe('the table of statuses', () => {
  it('is the one in the README', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| (.*) \|$/gm)];
    const table = rows.flatMap(([, status = '', rest = '']) =>
      status in ORDER_STATUSES ? [[status, ...rest.split('|').map((cell) => cell.trim())]] : [],
    );
    const list = (texts: readonly string[]) => (texts.length === 0 ? '–' : texts.join(', '));
    expect(table).toEqual(
      Object.entries(ORDER_STATUSES).map(([status, { next, placed, toDo }]) => [
        status,
        list(next),
        placed ? 'yes' : 'no',
        list(toDo),
      ]),
    );
  });

  it.each([
    ['CREATED', { cartTaken: true, shipmentSent: true }, false],
    ['PAID', { cartTaken: true, shipmentSent: false }, false],
    ['PAID', { cartTaken: true, shipmentSent: true }, true],
    ['SHIPPING', { cartTaken: false, shipmentSent: true }, false],
    ['SHIPPED', { cartTaken: true, shipmentSent: true }, true],
    ['CANCELLED', { cartTaken: false, shipmentSent: false }, true],
  ] as const)('returns for %s with %j that it is finished: %p', (status, done, finished) => {
    expect(isFinished(status, done)).toBe(finished);
  });

  it('releases the idempotency key of failed orders only', () => {
    const releasing = (
      ['PAID', 'SHIPPING', 'SHIPPED', 'PAYMENT_FAILED', 'CANCELLED'] as const
    ).filter((status) => transitionTo(status, true).releasesKey);
    expect(releasing).toEqual(['PAYMENT_FAILED', 'CANCELLED']);
  });
});
