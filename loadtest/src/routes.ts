import { z } from 'zod';

/** A request of the shop's public API and the answer that a working shop gives to it. */
export interface Route<T> {
  /** Method and path without ids: the statistics are kept by it, so it has few values. */
  name: string;
  expects: (status: number) => boolean;
  /** Takes what the shopper needs from the body. Throws when that is not there. */
  read: (body: string) => T;
}

const Sock = z.object({ id: z.string().min(1) });
const Socks = z.array(Sock);
const Order = z.object({ id: z.string().min(1), total: z.number() });

export type Sock = z.infer<typeof Sock>;
export type Order = z.infer<typeof Order>;

const page = (name: string) => route(name, (status) => status < 400, nothing);

/** The nine requests of a round, in its order. */
export const catalogue = route('GET /catalogue', is(200), json(Socks.min(1)));
export const home = page('GET /');
export const login = route('GET /login', is(200), nothing);
export const category = page('GET /category.html');
export const detail = page('GET /detail.html');
export const emptyCart = route('DELETE /cart', is(202), nothing);
export const addToCart = route('POST /cart', is(201), nothing);
export const basket = page('GET /basket.html');
export const placeOrder = route('POST /orders', is(201), json(Order));

/** What a richer visit asks besides. */
export const tags = route('GET /tags', is(200), json(z.object({ tags: z.array(z.string()) })));
/** Counted as the catalogue, which it is; no sock may have the tag. */
export const filteredCatalogue = route('GET /catalogue', is(200), json(Socks.nullable()));
export const sock = route('GET /catalogue/{id}', is(200), json(Sock));
export const cart = route('GET /cart', is(200), json(z.array(z.object({ itemId: z.string() }))));
export const updateCart = route('POST /cart/update', is(202), nothing);
export const removeFromCart = route('DELETE /cart/{id}', is(202), nothing);
/** 201 is the original's answer to a read. The list grows without end, so it is not parsed. */
export const orders = route('GET /orders', is(201), nothing);
export const order = route('GET /orders/{id}', is(200), json(z.object({ total: z.number() })));

/** How an account comes to be. */
export const register = route('POST /register', is(200, 201), nothing);
export const addAddress = route('POST /addresses', is(200, 201), nothing);
export const addCard = route('POST /cards', is(200, 201), nothing);

function route<T>(name: string, expects: Route<T>['expects'], read: Route<T>['read']): Route<T> {
  return { name, expects, read };
}

function is(...statuses: number[]): (status: number) => boolean {
  return (status) => statuses.includes(status);
}

function json<T>(schema: z.ZodType<T>): (body: string) => T {
  return (body) => schema.parse(JSON.parse(body));
}

function nothing(): undefined {
  return undefined;
}
