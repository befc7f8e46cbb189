import { ShopError } from '@sockshop/service';
import { z } from 'zod';

const EXAMPLES = {
  customer: 'http://user/customers/57a98d98e4b00679b4a830b2',
  address: 'http://user/addresses/57a98d98e4b00679b4a830b0',
  card: 'http://user/cards/57a98d98e4b00679b4a830b1',
  items: 'http://carts/carts/57a98d98e4b00679b4a830b2/items',
};

/** Any link may be missing here: the original answers 406 then, not 400. */
export const OrderRequest = z.object({
  customer: z.string().nullish(),
  address: z.string().nullish(),
  card: z.string().nullish(),
  items: z.string().nullish(),
});

const link = (path: string, example: string) =>
  z
    .string()
    .regex(new RegExp(`^http://[a-z]{1,60}(:[0-9]{1,4})?${path}$`))
    .meta({ examples: [example] });
const id = '[A-Za-z0-9_-]{1,100}';

/** What a caller should send. */
export const CompleteOrder = z
  .object({
    customer: link(`/customers/${id}`, EXAMPLES.customer),
    address: link(`/addresses/${id}`, EXAMPLES.address),
    card: link(`/cards/${id}`, EXAMPLES.card),
    items: link(`/carts/${id}/items`, EXAMPLES.items),
  })
  .meta({
    description: 'Links to what user and carts hold. Without one of them the status is 406.',
  });

/** The ids in the four links. */
export interface PartIds {
  customerId: string;
  addressId: string;
  cardId: string;
  cartId: string;
}

/** 406, not 400 or 422: the original's page expects it. */
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
 * Takes only the ids from the links: orders asks its own user and carts for the parts. The original fetched any URL.
 * @throws InvalidOrderError for a missing link, ShopError 400 for a link to something else.
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
  if (id === undefined) throw new ShopError(400, `${part} must be a link like ${EXAMPLES[part]}`);
  return id;
}

function decoded(id: string | undefined): string | undefined {
  try {
    return id && decodeURIComponent(id);
  } catch {
    return undefined; // a % without two hex digits
  }
}
