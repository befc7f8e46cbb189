import { ShopError } from '@sockshop/service';
import { z } from 'zod';

/** Where the parts of an order are; HAL links of user and carts, all four required. */
export const OrderRequest = z
  .object({
    customer: z
      .string()
      .nullish()
      .meta({ examples: ['http://user/customers/57a98d98e4b00679b4a830b2'] }),
    address: z
      .string()
      .nullish()
      .meta({ examples: ['http://user/addresses/57a98d98e4b00679b4a830b0'] }),
    card: z
      .string()
      .nullish()
      .meta({ examples: ['http://user/cards/57a98d98e4b00679b4a830b1'] }),
    items: z
      .string()
      .nullish()
      .meta({ examples: ['http://carts/carts/57a98d98e4b00679b4a830b2/items'] }),
  })
  .meta({ description: 'Links, all four of them; 406 without one.' });

/** The ids in the four links. */
export interface PartIds {
  customerId: string;
  addressId: string;
  cardId: string;
  cartId: string;
}

/** 406, not 400 or 422: the original's status for it, which its page shows. */
export class InvalidOrderError extends ShopError {
  override readonly name = 'InvalidOrderError';

  constructor(
    message = 'Invalid order request. Order requires customer, address, card and items.',
  ) {
    super(406, message);
  }
}

const ID = '([A-Za-z0-9_.~%-]+)';
const PATHS = {
  customer: new RegExp(`^/customers/${ID}$`),
  address: new RegExp(`^/addresses/${ID}$`),
  card: new RegExp(`^/cards/${ID}$`),
  items: new RegExp(`^/carts/${ID}/items$`),
};

/**
 * Takes only the ids out of the links and asks our own user and carts for them: the original fetched whatever URL it was given.
 * @throws InvalidOrderError for a missing link, ShopError 400 for one that leads elsewhere.
 */
export function partIds(request: z.infer<typeof OrderRequest>): PartIds {
  const { customer, address, card, items } = request;
  if (!customer || !address || !card || !items) throw new InvalidOrderError();
  return {
    customerId: idIn(customer, 'customer'),
    addressId: idIn(address, 'address'),
    cardId: idIn(card, 'card'),
    cartId: idIn(items, 'items'),
  };
}

function idIn(link: string, part: keyof typeof PATHS): string {
  const path = URL.canParse(link) ? new URL(link).pathname : '';
  const id = decoded(PATHS[part].exec(path)?.[1]);
  if (id === undefined) throw new ShopError(400, `${part} is not a link to such a document`);
  return id;
}

function decoded(id: string | undefined): string | undefined {
  try {
    return id && decodeURIComponent(id);
  } catch {
    return undefined; // a % that encodes nothing
  }
}
