import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}
export interface Answer {
  status: number;
  /** Sent as JSON; text is sent as it is. */
  body?: unknown;
}
type Behaviour = (call: Call) => Answer | Promise<Answer>;

/** Another service of the shop: a small real server that behaves like it. */
export class Neighbour {
  calls: Call[] = [];
  /** What it does instead, while set; `away` cuts every connection. */
  fault: Behaviour | 'away' | undefined;
  private readonly server: Server;

  constructor(private readonly behave: Behaviour) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { method = '', url: path = '', headers } = request;
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        const call = { method, path, headers, body };
        this.calls.push(call);
        if (this.fault === 'away') {
          request.socket.destroy();
          return;
        }
        const behave = this.fault ?? this.behave;
        void Promise.resolve(behave(call)).then((answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/hal+json' });
          response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
        });
      });
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; // it listens on TCP
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
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
  /** Whether carts is the original's, which does not know `take`. */
  cartsWithoutTake = false;
  private readonly taken = new Set<string>();

  readonly user = new Neighbour(({ path }) => this.document(path));
  readonly cart = new Neighbour((call) => this.cartAnswer(call));
  readonly payment = new Neighbour(({ body }) => {
    const { amount } = body as { amount: number }; // as orders sends it
    const authorised = amount <= 105;
    const message = authorised ? 'Payment authorised' : 'Payment declined: amount exceeds 105.00';
    return { status: 200, body: { authorised, message } };
  });
  readonly shipping = new Neighbour(({ body }) => ({ status: 201, body }));
  private readonly all = [this.user, this.cart, this.payment, this.shipping];

  async listen(): Promise<this> {
    await Promise.all(this.all.map((each) => each.listen()));
    return this;
  }

  /** What user answers. */
  document(path: string): Answer {
    const [, kind = '', id = ''] = path.split('/');
    if (id === 'nosuch') return { status: 404, body: { message: 'not found' } };
    const _links = { self: { href: `http://user/${kind}/${id}` } };
    const documents: Record<string, object> = {
      customers: { ...NAMES, id },
      addresses: { ...ADDRESS, id },
      cards: { ...CARD, id },
    };
    return { status: 200, body: { ...documents[kind], _links } };
  }

  /** As if nothing had happened; carts keep their lines. */
  reset(): void {
    this.cartsWithoutTake = false;
    for (const each of this.all) {
      each.calls = [];
      each.fault = undefined;
    }
  }

  close(): void {
    for (const each of this.all) each.close();
  }

  /** The variables by which orders finds them. */
  get env() {
    return {
      USER_URL: this.user.url,
      CARTS_URL: this.cart.url,
      PAYMENT_URL: this.payment.url,
      SHIPPING_URL: this.shipping.url,
    };
  }

  /** A new customer with this cart, and the order request for it. */
  customer(...lines: Omit<Line, 'id'>[]) {
    const id = hex();
    const cart = lines.map((line) => ({ id: hex(), ...line }));
    this.carts.set(id, cart);
    return { id, cart, request: request(id) };
  }

  /** What carts answers. */
  cartAnswer({ method, path, body }: Call): Answer {
    const [, , id = '', what, itemId] = path.split('/');
    const lines = this.carts.get(id) ?? [];
    if (method === 'GET') return { status: 200, body: lines };
    if (method === 'POST' && what === 'take') return this.take(id, lines, body);
    const left = lines.filter((line) => line.itemId !== itemId);
    this.carts.set(id, left);
    if (left.length < lines.length) return { status: 202 };
    return { status: 500, body: { status: 500, message: 'Cannot find item in cart' } }; // the original's answer
  }

  private take(id: string, lines: Line[], body: unknown): Answer {
    if (this.cartsWithoutTake) return { status: 405 };
    const { orderId, items } = body as { orderId: string; items: Line[] }; // as orders sends it
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
