/** A request of the shop's public API and the answer that a working shop gives to it. */
export interface Route<T> {
  /** Method and path without ids: the statistics are kept by it, so it has few values. */
  name: string;
  expects: (status: number) => boolean;
  /** Takes what the shopper needs from the body. Throws when that is not there. */
  read: (body: string) => T;
}

export interface Sock {
  id: string;
  /** US dollars. */
  price?: number;
}

export interface Order {
  id: string;
  /** US dollars. */
  total: number;
}

const page = (name: string) => route(name, (status) => status < 400, nothing);

/** The nine requests of a round, in its order. */
export const catalogue = route('GET /catalogue', is(200), json(isStocked));
export const home = page('GET /');
export const login = route('GET /login', is(200), nothing);
/** A wrong password. */
export const refusedLogin = route('GET /login', is(401), nothing);
export const category = page('GET /category.html');
export const detail = page('GET /detail.html');
export const emptyCart = route('DELETE /cart', is(202), nothing);
export const addToCart = route('POST /cart', is(201), nothing);
export const basket = page('GET /basket.html');
export const placeOrder = route('POST /orders', is(201), json(isOrder));

/** What a richer visit asks besides. */
export const tags = route('GET /tags', is(200), json(isTagList));
/** Counted as the catalogue, which it is; no sock may have the tag. */
export const filteredCatalogue = route('GET /catalogue', is(200), json(isSockList));
export const sock = route('GET /catalogue/{id}', is(200), json(hasId));
export const cart = route('GET /cart', is(200), json(isCart));
export const updateCart = route('POST /cart/update', is(202), nothing);
export const removeFromCart = route('DELETE /cart/{id}', is(202), nothing);
/** 201 is the original's answer to a read. The list grows without end, so it is not parsed. */
export const orders = route('GET /orders', is(201), nothing);
export const order = route('GET /orders/{id}', is(200), json(hasTotal));

/** Makes an account. */
export const register = route('POST /register', is(200, 201), nothing);
export const addAddress = route('POST /addresses', is(200, 201), nothing);
export const addCard = route('POST /cards', is(200, 201), nothing);

function route<T>(name: string, expects: Route<T>['expects'], read: Route<T>['read']): Route<T> {
  return { name, expects, read };
}

function is(...statuses: number[]): (status: number) => boolean {
  return (status) => statuses.includes(status);
}

function json<T>(isRight: (body: unknown) => body is T): (body: string) => T {
  return (text) => {
    const body: unknown = JSON.parse(text);
    if (!isRight(body)) throw new TypeError(`unexpected ${text.slice(0, 100)}`);
    return body;
  };
}

function nothing(): undefined {
  return undefined;
}

// Checked by hand: of each body it is two fields, and a schema library would take a tenth of the memory.
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function hasId(value: unknown): value is { id: string } {
  return isObject(value) && 'id' in value && typeof value.id === 'string' && value.id !== '';
}

function isSockList(value: unknown): value is Sock[] {
  return Array.isArray(value) && value.every(hasId);
}

function isStocked(value: unknown): value is Sock[] {
  return isSockList(value) && value.length > 0;
}

function isTagList(value: unknown): value is { tags: string[] } {
  if (!isObject(value) || !('tags' in value) || !Array.isArray(value.tags)) return false;
  return value.tags.every((tag) => typeof tag === 'string');
}

function isCart(value: unknown): value is { itemId: string }[] {
  const isLine = (line: unknown) =>
    isObject(line) && 'itemId' in line && typeof line.itemId === 'string';
  return Array.isArray(value) && value.every(isLine);
}

function hasTotal(value: unknown): value is { total: number } {
  return isObject(value) && 'total' in value && Number.isFinite(value.total);
}

function isOrder(value: unknown): value is Order {
  return hasId(value) && hasTotal(value);
}
