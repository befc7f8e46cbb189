import { openSync, writeSync } from 'node:fs';

/** `unknown`: no answer, or a 5xx; the shop may have done it, or may do it yet. */
export type Fate = 'done' | 'refused' | 'unknown';

/** A change of a shopper's cart: the request and its outcome. */
export interface CartChange {
  readonly shopper: number;
  readonly username: string;
  readonly route: string;
  /** The sock's id, where it is about one. */
  readonly item?: string;
  readonly quantity?: number;
  readonly fate: Fate;
}

/** A checkout of a shopper; the key identifies it. */
export interface Checkout {
  shopper: number;
  username: string;
  idempotencyKey: string;
}

/** A checkout that ended: with an order, or without the shopper knowing whether there is one. */
export type CheckoutEnd = Checkout & ({ id: string; total: number } | { fate: 'unknown' });

type Event = ({ event: 'cart' } & CartChange) | ({ event: 'checkout' } & CheckoutEnd);

/** A line of the journal; `at` is the time of the answer, in ms since 1970. */
export type JournalEntry = Event & { readonly at: number };

/**
 * What the shoppers did to carts and orders, one JSON object a line, as it happens: to be compared with the shop's stores. A line is on disk before the
 * shopper continues, so it survives this process too.
 */
export class Journal {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  write(event: Event): void {
    const entry: JournalEntry = { at: Date.now(), ...event };
    writeSync(this.file, `${JSON.stringify(entry)}\n`);
  }
}
