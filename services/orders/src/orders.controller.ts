import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { Operation, ShopError, wholeNumber } from '@sockshop/service';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Checkout } from './checkout.ts';
import { responses } from './responses.ts';
import { halOrder, placedOrder } from './order-json.ts';
import { CompleteOrder, OrderRequest, partIds } from './order-request.ts';
import { OrderStore } from './order-store.ts';

const sort = z
  .string()
  .optional()
  .meta({
    description: '`date` (the default: oldest first) or `date,desc`.',
    examples: ['date,desc'],
  });
const page = wholeNumber(0, 1_000_000_000);
const PageQuery = z.object({
  page: page.default(0).meta({ description: 'From 0.' }),
  size: wholeNumber(1, 1000).default(20),
  sort,
});
const SearchQuery = z.object({
  custId: z.string().default('').meta({ description: "The customer's id." }),
  page: page.optional().meta({ description: 'From 0, the default where a size is given.' }),
  size: wholeNumber(1, 1000).optional().meta({ description: 'Default where a page is given: 20.' }),
  sort,
});
/** Orders of a list that is asked for without page and size, as the original's front-end does. */
const MOST_LISTED = 100;
const IdempotencyKey = z
  .string()
  .max(200)
  .regex(/^[!-~]([ -~]*[!-~])?$/);
const KEY = {
  description: 'Chosen by the caller for one order; 1 to 200 characters of ASCII.',
  schema: IdempotencyKey,
};

@Controller('orders')
@Operation({ params: { id: '24 hex digits.' }, also: { 503: 'orders-db is unavailable' } })
export class OrdersController {
  constructor(
    private readonly checkout: Checkout,
    private readonly store: OrderStore,
  ) {}

  @Post()
  @Operation({
    summary: 'Place an order',
    description:
      'Reads customer, address, card and cart, asks payment, then hands the order to shipping. A repeat with the same key gets the first order.',
    params: { 'idempotency-key': KEY },
    body: CompleteOrder,
    response: responses.placed,
    also: {
      406: 'something is missing, the cart is empty, or payment declined',
      409: 'an order with this key, or of this cart, is being placed',
      422: 'this key was used for another basket',
      503: 'a part that the order needs is unavailable, or too many orders wait; nothing was ordered',
    },
  })
  @HttpCode(201)
  async place(
    @Body({ schema: OrderRequest }) request: z.infer<typeof OrderRequest>,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const checked = IdempotencyKey.optional().safeParse(key);
    if (!checked.success)
      throw new ShopError(400, 'Idempotency-Key must have 1 to 200 characters of ASCII');
    const order = await this.checkout.placeOrder(partIds(request), checked.data);
    await send(reply, accept, placedOrder(order));
  }

  @Get()
  @Operation({ summary: 'A page of all orders', response: responses.page })
  async list(
    @Query({ schema: PageQuery }) { page, size, sort }: z.infer<typeof PageQuery>,
    @Headers('host') host: string,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.store.page(page, size, newestFirst(sort));
    const totalPages = Math.ceil(found.total / size);
    await send(reply, accept, {
      _embedded: { customerOrders: found.orders.map((each) => halOrder(each, host)) },
      _links: {
        ...pageLinks(host, { page, size, sort }, totalPages),
        self: { href: `http://${host}/orders` },
        profile: { href: `http://${host}/profile/orders` },
        search: { href: `http://${host}/orders/search` },
      },
      page: { size, totalElements: found.total, totalPages, number: page },
    });
  }

  @Get('search')
  @Operation({ summary: 'Links to the searches', response: responses.searches })
  async searches(
    @Headers('host') host: string,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const search = `http://${host}/orders/search`;
    await send(reply, accept, {
      _links: {
        findByCustomerId: { href: `${search}/customerId{?custId}`, templated: true },
        self: { href: search },
      },
    });
  }

  /** Never 404: a customer without orders has an empty list. */
  @Get('search/customerId')
  @Operation({
    summary: 'The orders of a customer',
    description: `An unknown customer has none. Without page and size: the newest ${MOST_LISTED}, sorted as asked; \`next\` leads to the older ones.`,
    response: responses.orders,
  })
  async search(
    @Query({ schema: SearchQuery }) query: z.infer<typeof SearchQuery>,
    @Headers('host') host: string,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const isPage = query.page !== undefined || query.size !== undefined;
    const { page = 0, size = isPage ? 20 : MOST_LISTED, custId } = query;
    const newest = newestFirst(query.sort);
    const part = { skip: page * size, limit: size + 1 }; // one more shows whether there is a next page
    const found = await this.store.byCustomer(custId, newest || !isPage, part);
    const orders = found.slice(0, size);
    if (!newest && !isPage) orders.reverse();
    const sort = isPage ? query.sort : 'date,desc';
    const to = (number: number) => {
      const there = { custId, page: String(number), size: String(size), ...(sort && { sort }) };
      const path = `http://${host}/orders/search/customerId`;
      return { href: `${path}?${new URLSearchParams(there).toString()}` };
    };
    await send(reply, accept, {
      _embedded: { customerOrders: orders.map((each) => halOrder(each, host)) },
      _links: {
        ...(isPage && { first: to(0) }),
        ...(page > 0 && { prev: to(page - 1) }),
        self: { href: `http://${host}${reply.request.url}` },
        ...(found.length > size && { next: to(page + 1) }),
      },
      ...(isPage && { page: { size, number: page } }),
    });
  }

  @Get(':id')
  @Operation({ summary: 'One order', response: responses.order, also: { 404: 'no such order' } })
  async one(
    @Param('id') id: string,
    @Headers('host') host: string,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const order = await this.store.byId(id);
    if (!order) throw new ShopError(404, 'no such order');
    await send(reply, accept, halOrder(order, host));
  }

  @Delete(':id')
  @Operation({ summary: 'Delete an order', also: { 404: 'no such order' } })
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    if (!(await this.store.delete(id))) throw new ShopError(404, 'no such order');
  }
}

/** `application/hal+json` unless the caller asks for plain JSON, as the original's front-end does. */
async function send(reply: FastifyReply, accept: string | undefined, body: unknown): Promise<void> {
  const plain = accept?.startsWith('application/json') === true;
  const type = plain ? 'application/json;charset=UTF-8' : 'application/hal+json;charset=UTF-8';
  await reply.header('content-type', type).send(JSON.stringify(body));
}

/** `date` (the default, oldest first) or `date,desc`. */
function newestFirst(sort: string | undefined): boolean {
  return sort?.toLowerCase() === 'date,desc';
}

function pageLinks(
  host: string,
  { page, size, sort }: z.infer<typeof PageQuery>,
  totalPages: number,
) {
  if (totalPages <= 1 && page === 0) return {};
  const sorted = sort === undefined ? '' : `&sort=${encodeURIComponent(sort)}`;
  const to = (number: number) => ({
    href: `http://${host}/orders?page=${number}&size=${size}${sorted}`,
  });
  const last = Math.max(0, totalPages - 1);
  return {
    first: to(0),
    ...(page > 0 && { prev: to(Math.min(page - 1, last)) }),
    ...(page < last && { next: to(page + 1) }),
    last: to(last),
  };
}
