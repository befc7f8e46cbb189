export type OrderStatus =
  'CREATED' | 'PAID' | 'SHIPPING' | 'SHIPPED' | 'PAYMENT_FAILED' | 'CANCELLED';

/** A status that an order can change to. CREATED is not one: it is the initial status. */
export type NextStatus = Exclude<OrderStatus, 'CREATED'>;

/** What this service does for an order after it is stored. The order's own flags say that the last two are done. */
export type Task = 'pay' | 'send shipment' | 'empty cart';

interface StatusRule {
  /** The statuses that may follow; none after a terminal status. Each happens once: it is one conditional update of one document. */
  readonly next: readonly NextStatus[];
  /** Whether the customer was, or may have been, answered 201. Lists contain placed orders only. */
  readonly placed: boolean;
  /** What is still to be done in this status; the recovery sweep does what checkout could not. */
  readonly toDo: readonly Task[];
}

/** The life of an order: the only place that says what follows a status, and when an order is finished. */
export const ORDER_STATUSES: Readonly<Record<OrderStatus, StatusRule>> = {
  CREATED: {
    next: ['PAID', 'PAYMENT_FAILED', 'CANCELLED'],
    placed: false,
    toDo: ['pay', 'send shipment', 'empty cart'],
  },
  // SHIPPED may overtake SHIPPING: the event can be faster than the response of shipping.
  PAID: { next: ['SHIPPING', 'SHIPPED'], placed: true, toDo: ['send shipment', 'empty cart'] },
  SHIPPING: { next: ['SHIPPED'], placed: true, toDo: ['empty cart'] },
  SHIPPED: { next: [], placed: true, toDo: ['empty cart'] },
  // Payment declined.
  PAYMENT_FAILED: { next: [], placed: false, toDo: [] },
  // The caller got 503.
  CANCELLED: { next: [], placed: false, toDo: [] },
};

const STATUSES = Object.keys(ORDER_STATUSES) as OrderStatus[]; // its keys are just these

export const PLACED = STATUSES.filter(isPlaced);
export const NOT_PLACED = STATUSES.filter((status) => !isPlaced(status));

export function isPlaced(status: OrderStatus): boolean {
  return ORDER_STATUSES[status].placed;
}

/** The tasks that are done, as an order notes them. */
export interface TasksDone {
  /** Whether the ordered lines have left the cart. */
  readonly cartTaken: boolean;
  /** Whether shipping has the shipment; false again when the in-process queue that held it ended with its process. */
  readonly shipmentSent: boolean;
}

/** Whether the lines of its cart are, or may become, this order's and are still in the cart. */
export function hasLines({
  status,
  cartTaken,
}: {
  status: OrderStatus;
  cartTaken: boolean;
}): boolean {
  return !cartTaken && ORDER_STATUSES[status].toDo.includes('empty cart');
}

/** What is left to do for an order with this status. */
export function tasksLeft(status: OrderStatus, { cartTaken, shipmentSent }: TasksDone): Task[] {
  const done = { pay: false, 'send shipment': shipmentSent, 'empty cart': cartTaken };
  return ORDER_STATUSES[status].toDo.filter((task) => !done[task]);
}

/** Whether nothing is left to do for an order with this status. */
export function isFinished(status: OrderStatus, done: TasksDone): boolean {
  return tasksLeft(status, done).length === 0;
}

/** One step of an order, the same in every store: from which statuses, and what it changes beside the status. */
export function transitionTo(to: NextStatus, cartTaken: boolean) {
  const { next, placed, toDo } = ORDER_STATUSES[to];
  const shipmentSent = placed && !toDo.includes('send shipment');
  return {
    from: STATUSES.filter((status) => ORDER_STATUSES[status].next.includes(to)),
    shipmentSent,
    finished: isFinished(to, { cartTaken, shipmentSent }),
    /** The order failed: its idempotency key can be used again. */
    releasesKey: !placed && next.length === 0,
  };
}
