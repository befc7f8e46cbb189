/** What is bought: a line of a cart or of an order. */
export interface PricedLine {
  readonly quantity: number;
  /** US dollars. */
  readonly unitPrice: number;
}

/** US dollars, in whole cents. */
export interface Price {
  readonly subtotal: number;
  readonly shipping: number;
  readonly total: number;
}

/** US dollars; every order pays it, as in the original shop. */
const SHIPPING = 4.99;

/** What these lines cost when they are ordered now. The services compute prices here only. */
export function priceOf(lines: readonly PricedLine[]): Price {
  const subtotal = subtotalOf(lines);
  return { subtotal, shipping: SHIPPING, total: roundToCents(subtotal + SHIPPING) };
}

/** The price that an order was placed for. A later rule must not change its total, so shipping is computed from the stored total. */
export function priceOfPlacedOrder(order: { items: readonly PricedLine[]; total: number }): Price {
  const subtotal = subtotalOf(order.items);
  return { subtotal, shipping: roundToCents(order.total - subtotal), total: order.total };
}

/** Rounds US dollars to whole cents: sums of binary fractions are inexact. */
export function roundToCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function subtotalOf(lines: readonly PricedLine[]): number {
  return roundToCents(
    lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
  );
}
