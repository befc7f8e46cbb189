import { Checkout } from './checkout.ts';
import * as shop from './routes.ts';
import type { Session } from './session.ts';
import type { Tally } from './tally.ts';

/** The nine requests of the original's load test, in its order. */
export async function plainVisit(session: Session, tally: Tally): Promise<void> {
  const { id } = session.random.pick(await session.get(shop.catalogue));
  await session.get(shop.home);
  await session.logIn();
  await session.get(shop.category);
  await session.get(shop.detail, `/detail.html?id=${encodeURIComponent(id)}`);
  await session.change(shop.emptyCart);
  await add(session, id);
  await session.get(shop.basket);
  await new Checkout(session, tally).finish();
}

/** What the plain visit leaves out: filters, a changed quantity in the cart, old orders. */
export async function richVisit(session: Session, tally: Tally): Promise<void> {
  const { account, random } = session;
  const socks = await session.get(shop.catalogue);
  const { tags } = await session.get(shop.tags);
  if (tags.length > 0) {
    const tag = encodeURIComponent(random.pick(tags));
    await session.get(shop.filteredCatalogue, `/catalogue?tags=${tag}&page=1&size=3`);
  }
  await session.logIn();
  const chosen = random.pickSome(socks, random.whole(2, 4)).map(({ id }) => id);
  const [first = '', second] = chosen;
  await session.get(shop.sock, `/catalogue/${encodeURIComponent(first)}`);
  await session.change(shop.emptyCart);
  for (const id of chosen) await add(session, id);

  // Another shopper of the same account may have emptied the cart meanwhile.
  const business = (status: number) => account.shared && status === 404;
  const quantity = random.whole(2, 3);
  const more = { id: first, quantity };
  await session.change(shop.updateCart, more, { json: more, business });
  await session.get(shop.cart);
  if (second !== undefined) {
    const path = `/cart/${encodeURIComponent(second)}`;
    await session.change(shop.removeFromCart, { id: second }, { path, business });
  }
  await session.get(shop.basket);
  const order = await new Checkout(session, tally).finish();
  await session.get(shop.orders);
  if (order) await session.get(shop.order, `/orders/${encodeURIComponent(order.id)}`);
}

async function add(session: Session, id: string): Promise<void> {
  const item = { id, quantity: 1 };
  await session.change(shop.addToCart, item, { json: item });
}
