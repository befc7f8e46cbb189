import { priceOfPlacedOrder } from '@sockshop/pricing';
import type { Order } from './order.ts';

/** `2026-11-21T09:07:15.874+0000`: the original's pages cut it at the dot. */
function dateText(date: Date): string {
  return date.toISOString().replace('Z', '+0000');
}

function body(order: Order) {
  const { customerId, customer, address, card, items, date, status, history } = order;
  return {
    customerId,
    customer: { ...customer, addresses: [], cards: [] },
    address,
    card,
    items: items.map(({ itemId, quantity, unitPrice }) => ({ itemId, quantity, unitPrice })),
    shipment: { name: order.shipment.name },
    date: dateText(date),
    ...priceOfPlacedOrder(order),
    status,
    history: history.map((step) => ({ status: step.status, at: dateText(step.at) })),
  };
}

/**
 * The response to a placed order, as in the original: with ids, those of customer, address and card null, and without links.
 * `subtotal`, `shipping`, `status` and `history` are ours.
 */
export function placedOrder(order: Order) {
  const common = body(order);
  return {
    id: order.id,
    ...common,
    customer: { id: null, ...common.customer },
    address: { id: null, ...common.address },
    card: { id: null, ...common.card },
    items: order.items,
    shipment: order.shipment,
  };
}

/** An order in a list or by itself: ids only in the links, whose host is that of the request. */
export function halOrder(order: Order, host: string) {
  const self = { href: `http://${host}/orders/${order.id}` };
  return { ...body(order), _links: { self, order: self } };
}
