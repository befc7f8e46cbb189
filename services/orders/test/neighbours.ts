import { type Answer, type Behaviour, type Received, StandIn } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';

type JsonAnswer = Exclude<Answer, (...args: never) => unknown>;

/** With the content type of the original's answers. */
function hal(behave: (call: Received) => JsonAnswer): Behaviour {
  const headers = { 'content-type': 'application/hal+json' };
  return (call) => ({ headers, ...behave(call) });
}

function paymentAnswer(amount: number): JsonAnswer {
  const authorised = amount <= 105;
  const message = authorised ? 'Payment authorised' : 'Payment declined: amount exceeds 105.00';
  return { status: 200, body: { authorised, message } };
}

export interface Line {
  id: string;
  itemId: string;
  quantity: number;
  unitPrice: number;
}

export const CARD = { longNum: '5544154011345918', expires: '08/19', ccv: '958' };
export const ADDRESS = {
  number: '246',
  street: 'Whitelees Road',
  city: 'Glasgow',
  postcode: 'G67 3DL',
  country: 'United Kingdom',
};
export const NAMES = { firstName: 'User', lastName: 'Name', username: 'user' };

/** User, carts, payment and shipping, as orders sees them. */
export class Neighbours {
  readonly carts = new Map<string, Line[]>();
  /** Whether carts is the original's, which has no `take`. */
  cartsWithoutTake = false;
  private readonly taken = new Set<string>();

  user!: StandIn;
  cart!: StandIn;
  payment!: StandIn;
  shipping!: StandIn;

  async listen(): Promise<this> {
    this.user = await StandIn.start(hal(({ path, query }) => this.document(path, query)));
    this.cart = await StandIn.start(hal((call) => this.cartAnswer(call)));
    this.payment = await StandIn.start(hal(({ body }) => paymentAnswer(Number(body['amount']))));
    this.shipping = await StandIn.start(hal(({ body }) => ({ status: 201, body })));
    return this;
  }

  /** The answers of user; without a query those of an original one, which embeds nothing. */
  document(path: string, query = new URLSearchParams()): JsonAnswer {
    const [, kind = '', id = ''] = path.split('/');
    if (id === 'nosuch') return { status: 404, body: { message: 'not found' } };
    const _links = { self: { href: `http://user/${kind}/${id}` } };
    const documents: Record<string, object> = {
      customers: { ...NAMES, id },
      addresses: { ...ADDRESS, id },
      cards: { ...CARD, id },
    };
    const parts = { address: ADDRESS, card: CARD };
    const embedded = Object.entries(parts).filter(([part]) =>
      /^(?!nosuch)./.test(query.get(part) ?? ''),
    );
    const _embedded = query.size > 0 ? { _embedded: Object.fromEntries(embedded) } : {};
    return { status: 200, body: { ...documents[kind], ..._embedded, _links } };
  }

  /** Forgets requests and restores the usual behaviour; carts keep their lines. */
  reset(): void {
    this.cartsWithoutTake = false;
    for (const each of this.all) each.reset();
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((each) => each.close()));
  }

  private get all(): StandIn[] {
    return [this.user, this.cart, this.payment, this.shipping];
  }

  /** The variables with their URLs. */
  get env() {
    return {
      USER_URL: this.user.url,
      CARTS_URL: this.cart.url,
      PAYMENT_URL: this.payment.url,
      SHIPPING_URL: this.shipping.url,
    };
  }

  /** Creates a customer with this cart and returns the order request for it. */
  customer(...lines: Omit<Line, 'id'>[]) {
    const id = hex();
    const cart = lines.map((line) => ({ id: hex(), ...line }));
    this.carts.set(id, cart);
    return { id, cart, request: request(id) };
  }

  /** The answers of carts. */
  cartAnswer({ method, path, body }: Received): JsonAnswer {
    const [, , id = '', what, itemId] = path.split('/');
    const lines = this.carts.get(id) ?? [];
    if (method === 'GET') return { status: 200, body: lines };
    if (method === 'POST' && what === 'take') return this.take(id, lines, body);
    const left = lines.filter((line) => line.itemId !== itemId);
    this.carts.set(id, left);
    if (left.length < lines.length) return { status: 202 };
    return { status: 500, body: { status: 500, message: 'Cannot find item in cart' } }; // the original's answer
  }

  private take(id: string, lines: Line[], body: Received['body']): JsonAnswer {
    if (this.cartsWithoutTake) return { status: 405 };
    const { orderId, items } = body as unknown as { orderId: string; items: Line[] }; // as orders sends it
    if (this.taken.has(orderId)) return { status: 202 };
    this.taken.add(orderId);
    const left = lines.map((line) => {
      const ordered = items.find((item) => item.itemId === line.itemId)?.quantity ?? 0;
      return { ...line, quantity: line.quantity - ordered };
    });
    this.carts.set(
      id,
      left.filter(({ quantity }) => quantity > 0),
    );
    return { status: 202 };
  }
}

/** Links as the front-end sends them. */
function request(id: string) {
  return {
    customer: `http://user/customers/${id}`,
    address: 'http://user/addresses/57a98d98e4b00679b4a830b0',
    card: 'http://user/cards/57a98d98e4b00679b4a830b1',
    items: `http://carts/carts/${id}/items`,
  };
}

export function hex(): string {
  return randomBytes(12).toString('hex');
}
