import type { JournalEntry } from '@sockshop/loadtest';
import { ExpectedCart } from './expected-carts.ts';
import { isAcknowledged } from './journal-reader.ts';

/** What the stores hold once nothing is under way any more. */
export interface Stored {
  readonly orders: readonly StoredOrder[];
  /** Pieces by sock, by the customer's username. */
  readonly carts: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface StoredOrder {
  readonly id: string;
  readonly username: string;
  /** The shopper's key, without the customer in front of it. */
  readonly key: string;
  readonly status: string;
  /** The statuses it went through. */
  readonly history: readonly string[];
  readonly items: readonly { readonly itemId: string; readonly quantity: number }[];
}

export type FindingKind = 'lost' | 'doubled' | 'unshipped' | 'unasked' | 'cart';

/** Something that must not be. */
export interface Finding {
  readonly kind: FindingKind;
  /** Of the answer it is about, in ms since 1970; of the end where it is about none. */
  readonly at: number;
  readonly what: string;
}

const PLACED = ['PAID', 'SHIPPING', 'SHIPPED'];

/** Compares the shoppers' journal with the stores. An empty result proves that nothing was lost or doubled. */
export function reconcile(journal: readonly JournalEntry[], stored: Stored): Finding[] {
  return [
    ...ordersAcknowledged(journal, stored),
    ...ordersStored(journal, stored),
    ...carts(journal, stored),
  ];
}

/** Each acknowledged order is stored once, paid once and shipped once. */
function ordersAcknowledged(journal: readonly JournalEntry[], { orders }: Stored): Finding[] {
  const byId = Map.groupBy(orders, ({ id }) => id);
  const byKey = Map.groupBy(orders, ({ username, key }) => `${username} ${key}`);
  return journal.filter(isAcknowledged).flatMap(({ at, id, username, idempotencyKey }) => {
    const found = byId.get(id) ?? [];
    const [order] = found;
    if (!order) return { kind: 'lost', at, what: `order ${id} of ${username} is not stored` };
    const copies = Math.max(found.length, byKey.get(`${username} ${idempotencyKey}`)?.length ?? 0);
    const paid = times(order, 'PAID');
    const shipped = times(order, 'SHIPPED');
    const all: (Finding | false)[] = [
      copies > 1 && doubled(at, `order ${id} is stored ${copies} times`),
      paid > 1 && doubled(at, `order ${id} was paid ${paid} times`),
      shipped > 1 && doubled(at, `order ${id} was shipped ${shipped} times`),
      paid === 0 && { kind: 'lost', at, what: `order ${id} was acknowledged and never paid` },
      (shipped === 0 || order.status !== 'SHIPPED') && {
        kind: 'unshipped',
        at,
        what: `order ${id} is ${order.status}`,
      },
    ];
    return all.filter((finding) => finding !== false);
  });
}

function doubled(at: number, what: string): Finding {
  return { kind: 'doubled', at, what };
}

function times({ history }: StoredOrder, status: string): number {
  return history.filter((each) => each === status).length;
}

/** Each order that was placed is one that a shopper asked for, and none is left half-way. */
function ordersStored(journal: readonly JournalEntry[], { orders }: Stored): Finding[] {
  const checkouts = journal.filter((entry) => entry.event === 'checkout');
  const keys = new Set(
    checkouts.map(({ username, idempotencyKey }) => `${username} ${idempotencyKey}`),
  );
  const at = journal.at(-1)?.at ?? 0;
  return orders.flatMap(({ id, status, username, key }): Finding[] => {
    if (status === 'CREATED')
      return [{ kind: 'unshipped', at, what: `order ${id} is still CREATED` }];
    if (!PLACED.includes(status) || keys.has(`${username} ${key}`)) return [];
    return [{ kind: 'unasked', at, what: `order ${id} of ${username}: no shopper asked for it` }];
  });
}

/** What was acknowledged to be in a cart is in the order made of it, or still in the cart at the end. */
function carts(journal: readonly JournalEntry[], stored: Stored): Finding[] {
  const orders = new Map(stored.orders.map((order) => [order.id, order]));
  const findings: Finding[] = [];
  for (const [username, entries] of Map.groupBy(journal, (entry) => entry.username)) {
    const expected = new ExpectedCart();
    for (const entry of entries) {
      const order = isAcknowledged(entry) ? orders.get(entry.id) : undefined;
      if (order) {
        const has = new Map(order.items.map(({ itemId, quantity }) => [itemId, quantity]));
        findings.push(...compared(expected, has, entry.at, `order ${order.id}`));
      }
      expected.follow(entry);
    }
    const left = stored.carts.get(username) ?? new Map<string, number>();
    findings.push(...compared(expected, left, entries.at(-1)?.at ?? 0, `cart of ${username}`));
  }
  return findings;
}

function compared(
  expected: ExpectedCart,
  has: ReadonlyMap<string, number>,
  at: number,
  where: string,
): Finding[] {
  return [...new Set([...expected.items(), ...has.keys()])].flatMap((item): Finding[] => {
    const { least, most } = expected.bounds(item);
    const quantity = has.get(item) ?? 0;
    if (quantity >= least && quantity <= most) return [];
    const what = `${where} has ${quantity} of ${item}, not ${least} to ${most}`;
    return [{ kind: 'cart', at, what }];
  });
}
