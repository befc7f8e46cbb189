import { openSync, writeSync } from 'node:fs';
import type { Checkout } from './tally.ts';

/** `unknown`: no answer, or a 5xx; the shop may have done it, or may do it yet. */
export type Fate = 'done' | 'refused' | 'unknown';

/** A change of a shopper's cart: the request, and what became of it. */
export interface CartChange {
  shopper: number;
  username: string;
  route: string;
  /** The sock's id, where it is about one. */
  item?: string;
  quantity?: number;
  fate: Fate;
}

/** A checkout that ended: with an order, or without the shopper knowing. */
export type CheckoutEnd = Checkout & ({ id: string; total: number } | { fate: 'unknown' });

/**
 * What the shoppers did to carts and orders, one JSON object a line, as it happens: to be held against the shop's stores. On disk before the
 * shopper goes on, so that it outlives this process too.
 */
export class Journal {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  /** `at` is the time of the answer, in ms since 1970. */
  write(entry: ({ event: 'cart' } & CartChange) | ({ event: 'checkout' } & CheckoutEnd)): void {
    writeSync(this.file, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  }
}
