import { newAccount } from './account.ts';
import { Checkout } from './checkout.ts';
import * as shop from './routes.ts';
import type { Session } from './session.ts';
import { SignUp } from './sign-up.ts';
import type { Tally } from './tally.ts';

/** US dollars; payment declines orders above it, as the original does. */
const paymentLimit = 105;

/** What a shopper has seen and done since it came. */
export class Visit {
  socks: shop.Sock[] = [];
  /** What the last page showed: all, or those of a tag. */
  shown: shop.Sock[] = [];
  tags: string[] = [];
  looked: shop.Sock | undefined;
  /** The lines that it has put in the cart. */
  cart: shop.Sock[] = [];

  constructor(
    readonly session: Session,
    readonly tally: Tally,
  ) {}

  /** The one that was looked at, else any. A tag may have none, and a visit need not begin with the list. */
  async some(): Promise<shop.Sock> {
    if (this.socks.length === 0) this.socks = await this.session.get(shop.catalogue);
    return this.session.random.pick(this.shown.length > 0 ? this.shown : this.socks);
  }
}

type Step = (visit: Visit) => Promise<void>;

/** What a shopper can do: one request each, but for a registration and a checkout. */
export const STEPS = {
  async home({ session }) {
    await session.get(shop.home);
  },
  async category({ session }) {
    await session.get(shop.category);
  },
  async catalogue(visit) {
    visit.socks = visit.shown = await visit.session.get(shop.catalogue);
  },
  async tags(visit) {
    ({ tags: visit.tags } = await visit.session.get(shop.tags));
  },
  async filter(visit) {
    const { session, tags } = visit;
    if (tags.length === 0) return;
    const tag = encodeURIComponent(session.random.pick(tags));
    const path = `/catalogue?tags=${tag}&page=1&size=3`;
    visit.shown = await session.get(shop.filteredCatalogue, path);
  },
  async detail(visit) {
    const { id } = (visit.looked = await visit.some());
    await visit.session.get(shop.detail, `/detail.html?id=${encodeURIComponent(id)}`);
  },
  async sock(visit) {
    const { id } = (visit.looked ??= await visit.some());
    await visit.session.get(shop.sock, `/catalogue/${encodeURIComponent(id)}`);
  },
  async login({ session }) {
    await session.logIn();
  },
  /** The shop may answer late and 429 where there were many: that is how it should be. */
  async wrongPassword({ session }) {
    const { username, shared } = session.account;
    // The one name that others use must not become slow for them.
    const credentials = `${shared ? `unknown-${session.random.digits(8)}` : username}:mistyped`;
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const business = (status: number) => status === 429;
    await session.ask(shop.refusedLogin, { headers: { authorization }, business });
  },
  async register({ session }) {
    const account = newAccount(session.account.shopper);
    await new SignUp(session, account).finish();
    if (session.account.shared) return;
    session.account = account;
    session.lastOrder = undefined; // it belongs to the other account, and this one may not see it
  },
  async emptyCart({ session }) {
    await session.change(shop.emptyCart);
  },
  async addToCart(visit) {
    const { session, cart, looked } = visit;
    const isIn = ({ id }: shop.Sock): boolean => cart.some((line) => line.id === id);
    const others = visit.socks.filter((sock) => !isIn(sock));
    const another = others.length > 0 ? session.random.pick(others) : await visit.some();
    const sock = looked && !isIn(looked) ? looked : another;
    const item = { id: sock.id, quantity: 1 };
    await session.change(shop.addToCart, item, { json: item });
    if (!isIn(sock)) cart.push(sock);
  },
  async updateCart({ session, cart: [first] }) {
    if (first) await changeQuantity(session, first.id, session.random.whole(2, 3));
  },
  /** More than payment authorises. */
  async fillUp({ session, cart: [first] }) {
    const { id, price = 1 } = first ?? { id: '' };
    await changeQuantity(session, id, Math.min(Math.ceil(paymentLimit / price) + 1, 999));
  },
  async cart({ session }) {
    await session.get(shop.cart);
  },
  async removeFromCart({ session, cart }) {
    if (cart.length < 2) return;
    const { id = '' } = cart.pop() ?? {};
    const path = `/cart/${encodeURIComponent(id)}`;
    await session.change(shop.removeFromCart, { id }, { path, business: goneOf(session) });
  },
  async basket({ session }) {
    await session.get(shop.basket);
  },
  async checkout({ session, tally }) {
    const order = await new Checkout(session, tally).finish();
    if (order) session.lastOrder = order.id;
  },
  async orders({ session }) {
    await session.get(shop.orders);
  },
  /** The newest one of this shopper; nothing for one that has none. */
  async order({ session }) {
    if (session.lastOrder === undefined) return;
    await session.get(shop.order, `/orders/${encodeURIComponent(session.lastOrder)}`);
  },
} satisfies Record<string, Step>;

export type StepName = keyof typeof STEPS;

async function changeQuantity(session: Session, id: string, quantity: number): Promise<void> {
  const json = { id, quantity };
  await session.change(shop.updateCart, json, { json, business: goneOf(session) });
}

/** Another shopper of the same account may have emptied the cart meanwhile. */
function goneOf({ account }: Session): (status: number) => boolean {
  return (status) => account.shared && status === 404;
}
