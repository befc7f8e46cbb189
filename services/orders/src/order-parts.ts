import { Injectable } from '@nestjs/common';
import { UpstreamError } from '@sockshop/upstream';
import { z } from 'zod';
import { type Address, type Card, masked, type OrderItem } from './order.ts';
import { InvalidOrderError, type PartIds } from './order-request.ts';
import { Upstreams } from './upstreams.ts';

/** Documents of other user and carts services may differ where the original's Jackson made no difference: numbers for texts and texts for numbers. */
const text = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((value) => String(value ?? ''));
const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^ *[+-]?[\d.]+ *$/)
    .transform(Number),
]);
const Customer = z.object({
  firstName: text,
  lastName: text,
  username: text,
  _links: z.object({ self: z.object({ href: z.string() }) }),
});
const AddressDocument = z.object({
  number: text,
  street: text,
  city: text,
  postcode: text,
  country: text,
});
const CardDocument = z.object({ longNum: text, expires: text });
/** Ours embeds the address and card that the query names, if they exist. */
const CustomerWithParts = Customer.extend({
  _embedded: z
    .object({ address: AddressDocument.optional(), card: CardDocument.optional() })
    .optional(),
});
const CartLines = z.array(
  z.object({
    id: text,
    itemId: z.string().min(1),
    quantity: number.transform(Math.trunc).pipe(z.number().min(1)),
    unitPrice: number
      .nullish()
      .transform((price) => price ?? 0)
      .pipe(z.number().min(0)),
  }),
);

export interface OrderParts {
  customerId: string;
  customer: { firstName: string; lastName: string; username: string };
  address: Address;
  card: Card;
  items: OrderItem[];
}

const HAL = { accept: 'application/hal+json' };

/** Reads the parts of an order from user and carts. */
@Injectable()
export class OrderPartsReader {
  /** Whether user embeds, as its last answer showed. */
  private userEmbeds = true;

  constructor(private readonly upstreams: Upstreams) {}

  /**
   * Reads user and carts at the same time, and user in one call where it embeds the other two.
   * @throws InvalidOrderError when one does not exist, UpstreamError when a service does not answer.
   */
  async read(ids: PartIds): Promise<OrderParts> {
    const [fromUser, items] = await Promise.all([this.fromUser(ids), this.items(ids.cartId)]);
    return { ...fromUser, items };
  }

  private async fromUser({ customerId, addressId, cardId }: PartIds) {
    const query = { address: addressId, card: cardId };
    const address = () => this.document('/addresses/{id}', addressId, AddressDocument);
    const card = () => this.document('/cards/{id}', cardId, CardDocument);
    // An original user embeds nothing: known as one, it is asked for all three at once.
    const [customer, both] = await Promise.all([
      this.document('/customers/{id}', customerId, CustomerWithParts, query),
      this.userEmbeds ? undefined : Promise.all([address(), card()]),
    ]);
    const { _links, _embedded, ...name } = customer;
    this.userEmbeds = _embedded !== undefined;
    const [to, by] =
      both ?? (await Promise.all([_embedded?.address ?? address(), _embedded?.card ?? card()]));
    return {
      customerId: lastPart(_links.self.href),
      customer: name,
      address: to,
      card: masked(by),
    };
  }

  /** The current lines of a cart. */
  items(cartId: string): Promise<OrderItem[]> {
    return this.upstreams.carts.get('/carts/{id}/items', CartLines, {
      params: { id: cartId },
      headers: { accept: 'application/json' },
    });
  }

  private async document<T>(
    path: string,
    id: string,
    schema: z.ZodType<T>,
    query: Record<string, string> = {},
  ): Promise<T> {
    const { user } = this.upstreams;
    const params = { id };
    const response = await user.request({ method: 'GET', path, params, query, headers: HAL });
    // 404 and 400 mean that it does not exist. The original's user service answers 500 with these words.
    const none = response.status === 404 || response.status === 400;
    if (none || /not found|Invalid Id Hex/.test(response.status === 500 ? response.text() : '')) {
      throw new InvalidOrderError();
    }
    if (!response.ok) throw new UpstreamError('user', 'status', undefined, response.status);
    return response.json(schema);
  }
}

/** The customer's id is the end of its self link, as in the original, and not the id in the request. */
function lastPart(href: string): string {
  return href.match(/[A-Za-z0-9_-]+/g)?.at(-1) ?? href;
}
