/** A line of a cart. */
export interface CartLine {
  id: string;
  /** The sock's id. */
  itemId: string;
  quantity: number;
  /** US dollars, as the caller said when the sock was last added. */
  unitPrice: number;
}

/** What is added to a cart. */
export interface NewLine {
  itemId: string;
  unitPrice: number;
  quantity: number;
}

/** A change of the line of one sock; `unitPrice` is for a line that is not there yet. */
export interface Change {
  itemId: string;
  unitPrice: number;
  /** Pieces more; negative: fewer. */
  by: number;
  /** Id of the line that is meant: one that was emptied since then, and filled again, keeps its pieces. */
  lineId?: string | undefined;
}

/** Most pieces of one sock in a cart. */
export const MAX_QUANTITY = 999;
/** How many marks a line keeps: far more than there can be unfinished merges and orders of one customer. */
export const MAX_MARKS = 50;

/**
 * The port: carts by customer id (a guest's id is as good). A cart needs no creating. One line per sock; each change is one
 * atomic step on that line, so parallel clients lose nothing. A line once ordered or merged stays as an empty one that holds the marks of
 * what was done to it, so that nothing is done twice.
 */
export abstract class CartStore {
  /** Lines with at least one piece, in the order in which their socks first came into the cart. */
  abstract items(customerId: string): Promise<CartLine[]>;
  abstract item(customerId: string, itemId: string): Promise<CartLine | undefined>;

  /** A sock not in the cart: as many as `line` says. One that is there: one more, whatever it says, as in the original. Undefined when the line is full. */
  abstract add(customerId: string, line: NewLine): Promise<CartLine | undefined>;

  /** False when the sock is not in the cart. Without a price the stored one stays. */
  abstract setQuantity(
    customerId: string,
    itemId: string,
    quantity: number,
    unitPrice: number | undefined,
  ): Promise<boolean>;

  /** False when the sock is not in the cart. */
  abstract remove(customerId: string, itemId: string): Promise<boolean>;
  abstract clear(customerId: string): Promise<void>;

  /**
   * Changes the quantities of some lines, each once per `mark`, making those that are not there; at most MAX_QUANTITY, at least 0. As many
   * calls of the database for many lines as for one.
   */
  abstract changeOnce(customerId: string, changes: readonly Change[], mark: string): Promise<void>;

  /** Takes a line out of the store for good and answers what it held. */
  abstract drop(customerId: string, itemId: string): Promise<CartLine | undefined>;

  abstract ping(): Promise<void>;
  abstract close(): Promise<void> | void;
}

/** A quantity after a change, kept within the bounds of a line. */
export function bounded(quantity: number): number {
  return Math.min(MAX_QUANTITY, Math.max(0, quantity));
}

/** The pieces of a line after the change; `id` is the line's as it is now. */
export function changed(quantity: number, id: string | undefined, { by, lineId }: Change): number {
  return bounded(quantity + (lineId === undefined || lineId === id ? by : 0));
}

/** A sock that comes back into a cart is another line to its clients: they tell one checkout from the next by the lines' ids. */
export function lineId(id: string, emptied: number): string {
  return emptied === 0 ? id : `${id}-${emptied}`;
}
