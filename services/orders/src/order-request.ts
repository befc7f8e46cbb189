import { ShopError } from '@sockshop/service';
import { z } from 'zod';

/** Where the parts of an order are; HAL links of user and carts, all four required. */
export const OrderRequest = z.object({
  customer: z.string().nullish(),
  address: z.string().nullish(),
  card: z.string().nullish(),
  items: z.string().nullish(),
});

/** The ids in the four links. */
export interface OrderSources {
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
export function sourcesOf(request: z.infer<typeof OrderRequest>): OrderSources {
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
