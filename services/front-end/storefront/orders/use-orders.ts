import { getOrder, listOrders, type Order, type OrdersPage } from '../api.ts';
import { idOf, isFinal, statusOf } from './order-facts.ts';
import { useLive } from './use-live.ts';

/** So many orders on their way are looked at again: an original queue-master leaves each of them there. */
const mostFollowed = 10;

/** A page of the customer's orders, newest first, until all of them have arrived or failed. Only those on their way are asked for again. */
export function useOrders(page: number, size: number) {
  return useLive<OrdersPage>(
    `orders ${page}`,
    (before) => load(before, page, size),
    ({ orders }) => onTheirWay(orders).length === 0,
  );
}

async function load(
  before: OrdersPage | undefined,
  page: number,
  size: number,
): Promise<OrdersPage> {
  if (!before) return listOrders(page, size);
  const followed = onTheirWay(before.orders).slice(0, mostFollowed).map(idOf);
  const now = new Map(
    await Promise.all(followed.map(async (id) => [id, await getOrder(id)] as const)),
  );
  return { ...before, orders: before.orders.map((order) => now.get(idOf(order)) ?? order) };
}

function onTheirWay(orders: Order[]): Order[] {
  return orders.filter((order) => !isFinal(statusOf(order)));
}
