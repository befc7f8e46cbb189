import { Injectable } from '@nestjs/common';
import { type Upstream, UpstreamError } from '@sockshop/upstream';
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
  constructor(private readonly upstreams: Upstreams) {}

  /**
   * Reads all four at the same time.
   * @throws InvalidOrderError when one does not exist, UpstreamError when a service does not answer.
   */
  async read(ids: PartIds): Promise<OrderParts> {
    const { user } = this.upstreams;
    const [customer, address, card, items] = await Promise.all([
      document(user, '/customers/{id}', ids.customerId, Customer),
      document(user, '/addresses/{id}', ids.addressId, AddressDocument),
      document(user, '/cards/{id}', ids.cardId, CardDocument),
      this.items(ids.cartId),
    ]);
    const { _links, ...name } = customer;
    return {
      customerId: lastPart(_links.self.href),
      customer: name,
      address,
      card: masked(card),
      items,
    };
  }

  /** The current lines of a cart. */
  items(cartId: string): Promise<OrderItem[]> {
    return this.upstreams.carts.get('/carts/{id}/items', CartLines, {
      params: { id: cartId },
      headers: { accept: 'application/json' },
    });
  }
}

async function document<T>(
  user: Upstream,
  path: string,
  id: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const response = await user.request({ method: 'GET', path, params: { id }, headers: HAL });
  // 404 and 400 mean that it does not exist. The original's user service answers 500 with these words.
  const none = response.status === 404 || response.status === 400;
  if (none || /not found|Invalid Id Hex/.test(response.status === 500 ? response.text() : '')) {
    throw new InvalidOrderError();
  }
  if (!response.ok) throw new UpstreamError('user', 'status', undefined, response.status);
  return response.json(schema);
}

/** The customer's id is the end of its self link, as in the original, and not the id in the request. */
function lastPart(href: string): string {
  return href.match(/[A-Za-z0-9_-]+/g)?.at(-1) ?? href;
}
