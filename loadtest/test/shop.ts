import { priceOf } from '@sockshop/pricing';
import { type Answer, CUT, HANG, type Received, StandIn } from '@sockshop/testing';
import { randomBytes, randomUUID } from 'node:crypto';

interface Sock {
  id: string;
  price: number;
  tag: string[];
}

interface Customer {
  id: string;
  password: string;
  hasAddress: boolean;
  hasCard: boolean;
  /** Sock id to quantity. */
  cart: Map<string, number>;
}

export interface StoredOrder {
  id: string;
  customer: string;
  key: string;
  total: number;
}

const paymentLimit = 105; // US dollars

/** The shop's public API in memory: a shopper sees no difference from the real one, restarts included. */
export class Shop {
  readonly orders: StoredOrder[] = [];
  /** Customers by user name; the demo customer is always there. */
  readonly customers = new Map<string, Customer>([['user', aCustomer('password', true)]]);
  /** Every request with its customer (`guest` before the login), oldest first. */
  readonly accessLog: { customer: string; request: string; agent: string }[] = [];
  /** Session id to user name. Sealed in cookies in the real shop, so they outlive a restart. */
  private readonly cartAnswers: number[] = [];
  private readonly sessions = new Map<string, string>();
  private readonly lastHeaders = new Map<string, Received['headers']>();
  private server: StandIn | undefined;
  private port = 0;
  private checkoutsWithoutAnswer = 0;
  private checkoutsBusy = 0;
  private checkoutsHeld = false;
  private readonly checkoutAnswers: number[] = [];

  constructor(
    readonly socks: Sock[] = [
      { id: 'holy', price: 99.99, tag: ['magic', 'action'] },
      { id: 'plain', price: 18, tag: ['blue'] },
      { id: 'cat', price: 15, tag: ['brown', 'blue'] },
    ],
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** After a stop: at the same port, with the same data. */
  async start(): Promise<void> {
    this.server = await StandIn.start((request) => this.respond(request), this.port);
    this.port = this.server.port;
  }

  /** Like a crash: callers that wait for a response get none. */
  async stop(): Promise<void> {
    await this.server?.close();
  }

  /** The next checkouts are carried out, but the connection breaks before the answer. */
  loseAnswersOfCheckouts(count: number): void {
    this.checkoutsWithoutAnswer = count;
  }

  /** The next checkouts are not carried out; they get a 503. */
  refuseCheckouts(count: number): void {
    this.checkoutsBusy = count;
  }

  /** The next checkouts are not carried out; they get these statuses, one after the other. */
  answerCheckouts(...statuses: number[]): void {
    this.checkoutAnswers.push(...statuses);
  }

  /** Checkouts are carried out, and their answers never come. */
  holdAnswersOfCheckouts(): void {
    this.checkoutsHeld = true;
  }

  /** The next changes of carts are not carried out; they get these statuses, one after the other. */
  answerCarts(...statuses: number[]): void {
    this.cartAnswers.push(...statuses);
  }

  /** Of the last request of this method and path. */
  headersOf(line: string): Received['headers'] | undefined {
    return this.lastHeaders.get(line);
  }

  private respond(request: Received): Answer {
    const line = `${request.method} ${request.path}`;
    this.lastHeaders.set(line, request.headers);
    const username = this.customerOf(request);
    const agent = request.headers['user-agent'] ?? '';
    this.accessLog.push({ customer: username ?? 'guest', request: line, agent });
    const answer = this.answer(request, username);
    if (line !== 'POST /orders') return answer;
    if (this.checkoutsWithoutAnswer > 0) {
      this.checkoutsWithoutAnswer -= 1;
      return CUT;
    }
    return this.checkoutsHeld ? HANG : answer;
  }

  private customerOf(request: Received): string | undefined {
    const cookies = new Map(
      request.headers.cookie?.split('; ').map((cookie) => {
        const [name = '', value = ''] = cookie.split('=');
        return [name, value] as const;
      }),
    );
    const session = cookies.get('md.sid');
    if (session === undefined || cookies.get('logged_in') !== session) return undefined;
    return this.sessions.get(session);
  }

  private answer(request: Received, username: string | undefined): Answer {
    const { method, path } = request;
    const line = `${method} ${path}`;
    if (path === '/' || path.endsWith('.html')) {
      return { status: 200, body: '<title>WeaveSocks</title>' };
    }
    if (path === '/tags') {
      return { status: 200, body: { tags: ['magic', 'action', 'blue', 'brown'], err: null } };
    }
    if (path === '/catalogue') {
      const wanted = request.query.get('tags');
      const found = this.socks.filter(({ tag }) => wanted === null || tag.includes(wanted));
      return { status: 200, body: found };
    }
    if (path.startsWith('/catalogue/')) {
      const sock = this.socks.find(({ id }) => path === `/catalogue/${id}`);
      return sock ? { status: 200, body: sock } : problem(404, 'no such sock');
    }
    if (line === 'GET /login') return this.logIn(request.headers.authorization);
    if (line === 'POST /register') return this.register(request.body);
    const customer = username === undefined ? undefined : this.customers.get(username);
    if (username === undefined || !customer) return problem(401, 'User not logged in.');
    if (line === 'POST /addresses') {
      customer.hasAddress = true;
      return { status: 200, body: { id: randomUUID() } };
    }
    if (line === 'POST /cards') {
      const { longNum } = request.body as { longNum: string };
      if (!/^\d{16}$/.test(longNum)) return problem(400, 'longNum: 16 digits');
      customer.hasCard = true;
      return { status: 200, body: { id: randomUUID() } };
    }
    if (path.startsWith('/cart')) return this.changeCart(method, path, customer, request);
    if (line === 'POST /orders') return this.placeOrder(username, customer, request.headers);
    const own = this.orders.filter((order) => order.customer === username);
    if (line === 'GET /orders') return { status: 201, body: own };
    const order = own.find(({ id }) => path === `/orders/${id}`);
    return order ? { status: 200, body: order } : problem(404, 'not found');
  }

  private logIn(authorization = ''): Answer {
    const credentials = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    const [username = '', password] = credentials.split(':');
    if (this.customers.get(username)?.password !== password) return problem(401, 'Unauthorized');
    return { status: 200, body: 'Cookie is set', headers: this.newSession(username) };
  }

  private register(body: Received['body']): Answer {
    const { username, password } = body as { username: string; password: string };
    if (this.customers.has(username)) return problem(409, 'taken');
    const customer = aCustomer(password, false);
    this.customers.set(username, customer);
    return { status: 200, body: { id: customer.id }, headers: this.newSession(username) };
  }

  /** The session id is renewed at each login. */
  private newSession(username: string) {
    const id = randomBytes(8).toString('hex');
    this.sessions.set(id, username);
    return {
      'set-cookie': [`md.sid=${id}; Path=/; HttpOnly`, `logged_in=${id}; Max-Age=3600; Path=/`],
    };
  }

  private changeCart(method: string, path: string, { cart }: Customer, request: Received): Answer {
    const lineId = path.slice('/cart/'.length);
    if (method === 'GET') {
      const lines = [...cart].map(([itemId, quantity]) => ({ itemId, quantity }));
      return { status: 200, body: lines };
    }
    const status = this.cartAnswers.shift();
    if (status !== undefined) return problem(status, 'not now');
    if (method === 'DELETE') {
      if (lineId === '') cart.clear();
      else if (!cart.delete(lineId)) return problem(404, 'not in the cart');
      return { status: 202 };
    }
    const { id, quantity } = request.body as { id: string; quantity: number };
    if (path === '/cart') {
      cart.set(id, (cart.get(id) ?? 0) + 1);
      return { status: 201 };
    }
    if (!cart.has(id)) return problem(404, 'not in the cart');
    cart.set(id, quantity);
    return { status: 202 };
  }

  private placeOrder(
    username: string,
    { cart, hasAddress, hasCard }: Customer,
    headers: Received['headers'],
  ): Answer {
    if (this.checkoutsBusy > 0) {
      this.checkoutsBusy -= 1;
      return { ...problem(503, 'orders is not reachable'), headers: { 'retry-after': '0' } };
    }
    const status = this.checkoutAnswers.shift();
    if (status !== undefined) return problem(status, 'not now');
    const key = String(headers['idempotency-key']);
    const placed = this.orders.find((order) => order.key === key && order.customer === username);
    if (placed) return { status: 201, body: placed };
    const price = (id: string) => this.socks.find((sock) => sock.id === id)?.price ?? 0;
    const lines = [...cart].map(([id, quantity]) => ({ quantity, unitPrice: price(id) }));
    const { subtotal, total } = priceOf(lines);
    if (subtotal === 0 || !hasAddress || !hasCard) return problem(406, 'Invalid order request.');
    if (total > paymentLimit) return problem(406, 'Payment declined: amount exceeds 105.00');
    const order = { id: randomBytes(12).toString('hex'), customer: username, key, total };
    this.orders.push(order);
    cart.clear();
    return { status: 201, body: order };
  }
}

function aCustomer(password: string, complete: boolean): Customer {
  const id = randomBytes(12).toString('hex');
  return { id, password, hasAddress: complete, hasCard: complete, cart: new Map() };
}

function problem(status: number, message: string) {
  return { status, body: { status, message } };
}
