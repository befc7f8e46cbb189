/** A line of a cart. */
export interface CartLine {
  id: string;
  /** The sock's id. */
  itemId: string;
  quantity: number;
  /** US dollars, as given when the sock was last added. */
  unitPrice: number;
}

/** A line to add to a cart. */
export interface NewLine {
  itemId: string;
  /** Undefined: a new line costs nothing, an existing one keeps its price. */
  unitPrice?: number | undefined;
  quantity: number;
}

/** A change to one sock's line. `unitPrice` is used when the line does not exist yet. */
export interface Change {
  itemId: string;
  unitPrice: number;
  /** Pieces to add; negative to take out. */
  by: number;
  /** Id of the line to change. A line that was emptied and filled again has a new id and keeps its pieces. */
  lineId?: string | undefined;
}

/** How long a guest's cart is kept. */
export interface Keeping {
  /** Since the last change. */
  readonly guestCartDays: number;
  /** In milliseconds since 1970; tests set it. */
  readonly now?: () => number;
}

/** When a guest's cart expires that is changed now. */
export function guestExpiry({ guestCartDays, now = Date.now }: Keeping): Date {
  return new Date(now() + guestCartDays * 24 * 3_600_000);
}

/** Customers have ids of user's form. Any other id is a guest's: a session id. */
export const CUSTOMER_ID = /^[\dA-Fa-f]{24}$/;

/** Most pieces of one sock in a cart. */
export const MAX_QUANTITY = 999;
/** Marks that a line keeps: far more than one customer's unfinished merges and orders. */
export const MAX_MARKS = 50;

/**
 * The port: carts by the id of a customer or guest. Every cart exists. There is one line per sock, and each change is one atomic step on
 * that line, so parallel clients lose nothing. Carts of guests expire; carts of customers do not. After an order or a merge the empty line stays and keeps its marks, so that nothing is
 * done twice.
 */
export abstract class CartStore {
  /** Lines with at least one piece, in the order in which their socks were first added. */
  abstract items(customerId: string): Promise<CartLine[]>;
  abstract item(customerId: string, itemId: string): Promise<CartLine | undefined>;

  /** Adds `quantity` pieces of a new sock, one piece of a sock that is in the cart, as the original does. Undefined when the line is full. */
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
   * Changes the quantities of some lines, each once per `mark`, and creates missing lines. Quantities stay between 0 and MAX_QUANTITY.
   * Many lines take as many calls of the database as one.
   */
  abstract changeOnce(customerId: string, changes: readonly Change[], mark: string): Promise<void>;

  /** Deletes a line from the store and returns it. */
  abstract drop(customerId: string, itemId: string): Promise<CartLine | undefined>;

  /** Deletes what guests' carts hold that have expired. */
  abstract dropExpired(): Promise<void>;

  abstract ping(): Promise<void>;
  abstract close(): Promise<void> | void;
}

/** Limits a quantity to what a line may have. */
export function bounded(quantity: number): number {
  return Math.min(MAX_QUANTITY, Math.max(0, quantity));
}

/** The pieces of a line after the change. `id` is the line's current id. */
export function changed(quantity: number, id: string | undefined, { by, lineId }: Change): number {
  return bounded(quantity + (lineId === undefined || lineId === id ? by : 0));
}

/** A sock that returns to a cart gets a new line id: clients distinguish one checkout from the next by the lines' ids. */
export function lineId(id: string, emptied: number): string {
  return emptied === 0 ? id : `${id}-${emptied}`;
}
