import type { OwnShop } from './own-shop.ts';
import { type TraceCounts, traceCounts } from './trace-counts.ts';
import { Visitor } from './visitor.ts';

/** The traces of what a shopper does, once the shop and the customer are warm. */
export interface JourneyTraces {
  /** `GET /catalogue`. */
  readonly catalogue: TraceCounts;
  /** `DELETE /cart`, `POST /cart`, `POST /orders` with one line, until it is shipped. */
  readonly order: TraceCounts;
}

/** The first ones are not like those that follow: connections open, caches fill, a customer has no cart. */
const WARM_UP = 2;

/** Does each journey as a new customer, and counts what is in its traces. */
export async function journeyTraces(shop: OwnShop): Promise<JourneyTraces> {
  const customer = new Visitor(shop.url);
  await customer.signUp();
  await customer.traced('GET', '/catalogue');
  const socks = customer.body as { id: string }[];
  const { tracesUrl } = shop;
  const list = async (): Promise<TraceCounts> =>
    traceCounts(tracesUrl, [await customer.traced('GET', '/catalogue')]);
  const order = async (): Promise<TraceCounts> =>
    traceCounts(tracesUrl, [
      await customer.traced('DELETE', '/cart'),
      await customer.traced('POST', '/cart', { json: { id: socks[0]?.id } }),
      await customer.traced('POST', '/orders'),
    ]);
  for (let nth = 0; nth < WARM_UP; nth++) {
    await list();
    await order();
  }
  return { catalogue: await list(), order: await order() };
}
