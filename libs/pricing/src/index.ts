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

/** The original's: the same for every order, however much is in it. US dollars. */
const SHIPPING = 4.99;

/** What these lines cost when they are ordered now. The shop's rules stand here and nowhere else. */
export function priceOf(lines: readonly PricedLine[]): Price {
  const subtotal = subtotalOf(lines);
  return { subtotal, shipping: SHIPPING, total: cents(subtotal + SHIPPING) };
}

/** What an order was placed for. Its total is a fact that a later rule does not change, so shipping follows from it. */
export function priceOfOrder(order: { items: readonly PricedLine[]; total: number }): Price {
  const subtotal = subtotalOf(order.items);
  return { subtotal, shipping: cents(order.total - subtotal), total: order.total };
}

/** US dollars without the dust of binary fractions. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function subtotalOf(lines: readonly PricedLine[]): number {
  return cents(lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0));
}
