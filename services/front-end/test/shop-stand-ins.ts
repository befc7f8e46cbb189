import { priceOf } from '@sockshop/pricing';
import { randomUUID } from 'node:crypto';
import { type Answer, type Received, StandIn } from '@sockshop/testing';

const sock = (id: string, name: string, price: number, tag: string) => ({
  ...{ id, name, price, count: 3, tag: [tag], description: `${name} socks` },
  imageUrl: [`/catalogue/images/${id}_1.jpeg`, `/catalogue/images/${id}_2.jpeg`],
});
export const HOLY = sock('holy', 'Holy', 99.99, 'magic');
export const CROSSED = sock('crossed', 'Crossed', 17.32, 'blue');
export const PICTURE = Buffer.from('a picture of socks');

export const INCOMPLETE =
  'Invalid order request. Order requires customer, address, card and items.';

interface Line {
  id: string;
  itemId: string;
  quantity: number;
  unitPrice: number;
}

interface Account {
  id: string;
  username: string;
  password: string;
  firstName: string;
  lastName: string;
}

interface Owned {
  userID: string;
  id: string;
  [field: string]: unknown;
}

/** What the stand-in writes into every order. */
export const ORDER = {
  customer: { firstName: 'Eve', lastName: 'Berger', username: 'eve', addresses: [], cards: [] },
  address: { street: 'Road', number: '3', country: 'UK', city: 'London', postcode: '' },
  shipment: { name: 'eve1' },
  date: '2026-11-21T09:07:15.874+0000',
  status: 'SHIPPING',
  ...priceOf([{ quantity: 1, unitPrice: HOLY.price }]),
};

const OK = { status: 200 };
const missing = (message: string): Answer => ({ status: 404, body: { status: 404, message } });

/** Catalogue, carts, orders and user with their state in memory: enough of each to shop. */
export class ShopStandIns {
  readonly carts = new Map<string, Line[]>();
  readonly accounts = new Map<string, Account>();
  addresses = new Map<string, Owned>();
  readonly cards = new Map<string, Owned>();
  readonly orders = new Map<string, { customerId: string } & Record<string, unknown>>();
  private readonly started: StandIn[] = [];
  catalogueServer!: StandIn;
  cartsServer!: StandIn;
  ordersServer!: StandIn;
  userServer!: StandIn;

  static async start(): Promise<ShopStandIns> {
    const shop = new ShopStandIns();
    await shop.start();
    return shop;
  }

  async start(): Promise<void> {
    this.catalogueServer = await this.open((received) => this.catalogue(received));
    this.cartsServer = await this.open((received) => this.cart(received));
    this.ordersServer = await this.open((received) => this.order(received));
    this.userServer = await this.open((received) => this.user(received));
  }

  /** The variables that lead a front-end here. */
  get env(): Record<string, string> {
    return {
      CATALOGUE_URL: this.catalogueServer.url,
      CARTS_URL: this.cartsServer.url,
      ORDERS_URL: this.ordersServer.url,
      USER_URL: this.userServer.url,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map((server) => server.close()));
  }

  /** Empty again, but for the customers Eve, who has an address and a card, and Ada, who has neither. */
  reset(): void {
    for (const map of [this.carts, this.accounts, this.addresses, this.cards, this.orders]) {
      map.clear();
    }
    for (const server of this.started) server.reset();
    const eve = { id: 'eve1', username: 'eve', password: 'pässword', firstName: 'Eve' };
    this.accounts.set('eve1', { ...eve, lastName: 'Berger' });
    const ada = { id: 'ada1', username: 'ada', password: 'secret', firstName: 'Ada' };
    this.accounts.set('ada1', { ...ada, lastName: 'Byron' });
    const address = { street: 'Road', number: '3', country: 'UK', city: 'London', postcode: '' };
    this.addresses.set('a1', { ...address, id: 'a1', userID: 'eve1' });
    const card = { longNum: '5953580604169678', expires: '08/19', ccv: '678' };
    this.cards.set('c1', { ...card, id: 'c1', userID: 'eve1' });
  }

  private async open(usual: (received: Received) => Answer): Promise<StandIn> {
    const server = await StandIn.start(usual);
    this.started.push(server);
    return server;
  }

  private catalogue({ method, path, query, headers }: Received): Answer {
    const socks = [CROSSED, HOLY];
    const [, root, id, file] = path.split('/');
    if (method !== 'GET') return missing('no such path');
    if (root === 'tags') return { ...OK, body: { tags: ['magic', 'blue'], err: null } };
    if (id === undefined) {
      if (query.get('size') === '-1') return { status: 400, body: { message: 'size: too small' } };
      const tags = query.get('tags')?.split(',');
      const found = socks.filter((sock) => tags?.includes(sock.tag[0]!) ?? true);
      return { ...OK, body: found };
    }
    if (id === 'size') return { ...OK, body: { size: socks.length, err: null } };
    if (id === 'images') return picture(file, headers);
    const sock = socks.find((candidate) => candidate.id === id);
    return sock ? { ...OK, body: sock } : missing(`no sock ${id}`);
  }

  private cart({ method, path, query, body }: Received): Answer {
    const [, , customerId = '', part, itemId] = path.split('/');
    const lines = this.carts.get(customerId) ?? [];
    if (part === 'merge') {
      const guest = query.get('sessionId')!;
      const merged = [...lines, ...(this.carts.get(guest) ?? [])];
      this.carts.set(customerId, merged);
      this.carts.delete(guest);
      return { status: 202 };
    }
    if (part === undefined) {
      this.carts.delete(customerId);
      return { status: 202 };
    }
    if (method === 'GET') return { ...OK, body: lines };
    const { quantity = 1, unitPrice } = body as { quantity?: number; unitPrice: number };
    const id = itemId ?? String(body['itemId']);
    const line = lines.find((candidate) => candidate.itemId === id);
    if (method === 'POST') {
      if (line) line.quantity += 1;
      const fresh = { id: `line-${id}`, itemId: id, quantity, unitPrice };
      if (!line) this.carts.set(customerId, [...lines, fresh]);
      return { status: 201, body: line ?? fresh };
    }
    if (!line) return missing('Cannot find item in cart');
    if (method === 'PATCH') line.quantity = quantity;
    else this.carts.set(customerId, lines.toSpliced(lines.indexOf(line), 1));
    return { status: 202 };
  }

  private order({ method, path, query, body }: Received): Answer {
    if (method === 'POST') {
      const customerId = String(body['customer']).split('/').at(-1)!;
      const id = randomUUID();
      const card = { id: null, ...this.ownedBy(this.cards, customerId)[0], userID: undefined };
      const order = { ...ORDER, customerId, card, items: this.carts.get(customerId) ?? [] };
      this.orders.set(id, { ...order, _links: { self: { href: `http://orders/orders/${id}` } } });
      return { status: 201, body: { id, ...order } };
    }
    if (path === '/orders/search/customerId') {
      const custId = query.get('custId');
      const customerOrders = [...this.orders.values()].filter((o) => o.customerId === custId);
      return { ...OK, body: { _embedded: { customerOrders } } };
    }
    const order = this.orders.get(path.split('/')[2]!);
    return order ? { ...OK, body: order } : { status: 404 };
  }

  private user({ method, path, query, headers, body }: Received): Answer {
    const [, kind, id, part] = path.split('/');
    if (kind === 'login') return this.login(headers.authorization!);
    if (kind === 'register' || (kind === 'customers' && method === 'POST')) {
      return this.register(body as unknown as Account);
    }
    if (method === 'POST') {
      const store = kind === 'cards' ? this.cards : this.addresses;
      const fresh = randomUUID();
      store.set(fresh, { ...body, id: fresh, userID: String(body['userID']) });
      return { ...OK, body: { id: fresh } };
    }
    if (method === 'DELETE') {
      const store = { customers: this.accounts, cards: this.cards, addresses: this.addresses }[
        kind!
      ];
      return store?.delete(id!) ? { ...OK, body: { status: true } } : missing('not found');
    }
    const account = this.accounts.get(id!);
    if (!account) return missing('not found');
    if (part === 'addresses') {
      const address = this.ownedBy(this.addresses, id!).map(linked('addresses'));
      return { ...OK, body: { _embedded: { address } } };
    }
    if (part === 'cards') {
      const card = this.ownedBy(this.cards, id!).map(linked('cards'));
      return { ...OK, body: { _embedded: { card } } };
    }
    const document = customerDocument(account);
    if (query.get('links') !== 'all') return { ...OK, body: document };
    const links = (kind: 'addresses' | 'cards') =>
      this.ownedBy(this[kind], id!).map((each) => linked(kind)(each)._links.self);
    const _links = { ...document._links, address: links('addresses'), card: links('cards') };
    return { ...OK, body: { ...document, _links } };
  }

  private login(authorization: string): Answer {
    const [name, password] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
    const user = [...this.accounts.values()].find((account) => account.username === name);
    if (user?.password !== password) return { status: 401, body: { error: 'Unauthorized' } };
    return { ...OK, body: { user } };
  }

  private register(account: Account): Answer {
    const taken = [...this.accounts.values()].some((a) => a.username === account.username);
    if (taken) return { status: 409, body: { message: 'this name is taken' } };
    const id = randomUUID();
    this.accounts.set(id, { ...account, id });
    return { ...OK, body: { id } };
  }

  private ownedBy(store: Map<string, Owned>, customerId: string): Owned[] {
    return [...store.values()].filter((document) => document.userID === customerId);
  }
}

export function customerDocument({ id, firstName, lastName, username }: Account) {
  const self = { href: `http://user/customers/${id}` };
  return { firstName, lastName, username, id, _links: { customer: self, self } };
}

const linked =
  (kind: string) =>
  ({ userID: _owner, ...document }: Owned) => ({
    ...document,
    _links: { self: { href: `http://user/${kind}/${document.id}` } },
  });

function picture(file: string | undefined, headers: Received['headers']): Answer {
  if (file !== 'holy_1.jpeg') return { status: 404, body: Buffer.from('404 page not found') };
  const kept = { etag: '"p1"', 'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT' };
  if (headers['if-none-match'] === kept.etag) return { status: 304, headers: kept };
  const type = { 'content-type': 'image/jpeg', 'accept-ranges': 'bytes', ...kept };
  if (headers.range === 'bytes=900-') {
    return { status: 416, headers: { 'content-range': `bytes */${PICTURE.length}` } };
  }
  if (headers.range === undefined) {
    const shared = { ...type, 'cache-control': 'public, max-age=3600' };
    return { ...OK, headers: shared, body: PICTURE };
  }
  const range = { ...type, 'content-range': `bytes 0-3/${PICTURE.length}` };
  return { status: 206, headers: range, body: PICTURE.subarray(0, 4) };
}
