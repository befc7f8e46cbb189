import { getOrder, listOrders, type Order } from '../api.ts';
import { idOf, isFinal, newestFirst, statusOf } from './order-facts.ts';
import { useLive } from './use-live.ts';

/** So many orders on their way are looked at again: an original queue-master leaves each of them there. */
const mostFollowed = 10;

/** The customer's orders, newest first, until all of them have arrived or failed. Only those on their way are asked for again. */
export function useOrders() {
  return useLive('orders', load, (orders) => onTheirWay(orders).length === 0);
}

async function load(before: Order[] | undefined): Promise<Order[]> {
  if (!before) return (await listOrders()).sort(newestFirst);
  const followed = onTheirWay(before).slice(0, mostFollowed).map(idOf);
  const now = new Map(
    await Promise.all(followed.map(async (id) => [id, await getOrder(id)] as const)),
  );
  return before.map((order) => now.get(idOf(order)) ?? order);
}

function onTheirWay(orders: Order[]): Order[] {
  return orders.filter((order) => !isFinal(statusOf(order)));
}
