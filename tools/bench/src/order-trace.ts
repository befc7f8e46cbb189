import { traceCounts, Visitor } from '@sockshop/measure';
import type { BenchShop } from './bench-shop.ts';
import type { OrderTrace } from './result.ts';

/** Places one order of these socks and counts what is in its trace, once it is shipped. */
export async function orderTrace(
  { shop }: BenchShop,
  socks: readonly string[],
): Promise<OrderTrace> {
  const customer = new Visitor(shop.url);
  await customer.signUp();
  for (const id of socks) await customer.traced('POST', '/cart', { json: { id } });
  const traceId = await customer.traced('POST', '/orders');
  const { spans, calls, storeCommands, messages, bytes } = await traceCounts(shop.tracesUrl, [
    traceId,
  ]);
  return { way: shop.way, lines: socks.length, spans, calls, storeCommands, messages, bytes };
}
