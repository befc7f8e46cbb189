import { Injectable } from '@nestjs/common';
import { ShopError } from '@sockshop/service';
import { z } from 'zod';
import { maskCards } from './mask-cards.ts';
import { Address, Card, Customer, responses, type BodyOf } from './responses.ts';
import { readBody, Upstreams } from './upstreams.ts';

const Addresses = z.object({ _embedded: z.object({ address: z.array(Address) }) });
const Cards = z.preprocess(maskCards, z.object({ _embedded: z.object({ card: z.array(Card) }) }));

const links = z.array(z.looseObject({ href: z.string() })).optional();
const Linked = Customer.extend({
  _links: Customer.shape._links.extend({ address: links, card: links }),
});

/** Links to a customer's addresses and cards, as orders takes them. */
export interface OrderLinks {
  readonly addresses: readonly string[];
  readonly cards: readonly string[];
}

type Kind = 'addresses' | 'cards';

/** Reads and changes one customer's account, addresses and cards. Card numbers are masked. */
@Injectable()
export class UserClient {
  constructor(private readonly upstreams: Upstreams) {}

  customer(id: string): Promise<z.infer<typeof Customer>> {
    return this.get('/customers/{id}', id, Customer);
  }

  async addresses(customerId: string): Promise<z.infer<typeof Address>[]> {
    const found = await this.get('/customers/{id}/addresses', customerId, Addresses);
    return found._embedded.address;
  }

  async cards(customerId: string): Promise<z.infer<typeof Card>[]> {
    return (await this.get('/customers/{id}/cards', customerId, Cards))._embedded.card;
  }

  /**
   * Links to each address and card, in one call. One may lead to a document that is gone. Undefined where user gives no such links, as an
   * original one does.
   */
  async quickLinks(id: string): Promise<OrderLinks | undefined> {
    const { _links } = await this.get('/customers/{id}', id, Linked, { links: 'all' });
    const { address, card } = _links;
    if (!address || !card) return undefined;
    const hrefs = (of: typeof address) => of.map(({ href }) => href);
    return { addresses: hrefs(address), cards: hrefs(card) };
  }

  /** The same by reading each document. */
  async links(id: string): Promise<OrderLinks> {
    const [addresses, cards] = await Promise.all([this.addresses(id), this.cards(id)]);
    const hrefs = (of: { _links: { self: { href: string } } }[]) =>
      of.map(({ _links }) => _links.self.href);
    return { addresses: hrefs(addresses), cards: hrefs(cards) };
  }

  /** @throws ShopError 404 also for another customer's document: the caller must not learn that it exists. */
  async owned<D extends { id: string }>(documents: Promise<D[]>, id: string): Promise<D> {
    const own = (await documents).find((document) => document.id === id);
    if (own === undefined) throw new ShopError(404, 'not found');
    return own;
  }

  async add(kind: Kind, body: unknown): Promise<BodyOf<typeof responses.created>> {
    const { user } = this.upstreams;
    const response = await user.request({ method: 'POST', path: `/${kind}`, body });
    return readBody(user, response, responses.created);
  }

  /** Makes an account. A repeat with the same key, name and password gets the first one: after a 503 it may exist. */
  async register(
    path: '/register' | '/customers',
    body: unknown,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<BodyOf<typeof responses.created>> {
    const { userForLogin } = this.upstreams;
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const response = await userForLogin.request({ method: 'POST', path, headers, body, signal });
    return readBody(userForLogin, response, responses.created);
  }

  async delete(kind: Kind | 'customers', id: string): Promise<BodyOf<typeof responses.deleted>> {
    const { user } = this.upstreams;
    const path = `/${kind}/{id}`;
    const response = await user.request({ method: 'DELETE', path, params: { id } });
    return readBody(user, response, responses.deleted);
  }

  private async get<T>(
    path: string,
    id: string,
    schema: z.ZodType<T>,
    query: Record<string, string> = {},
  ): Promise<T> {
    const { user } = this.upstreams;
    const call = { method: 'GET', path, params: { id }, query } as const;
    return readBody(user, await user.request(call), schema);
  }
}
