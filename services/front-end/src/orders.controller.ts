import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { Bulkhead } from '@sockshop/resilience/bulkhead';
import { priceOfPlacedOrder } from '@sockshop/pricing';
import { JsonLog, Operation, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import type { UpstreamResponse } from '@sockshop/upstream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UNAVAILABLE, CUSTOMER, NOT_OWN } from './api.ts';
import { FrontEndConfig } from './config.ts';
import { type OrderLinks, UserClient } from './user.client.ts';
import { Choice, IdempotencyKey, OrdersQuery } from './requests.ts';
import { type BodyOf, responses } from './responses.ts';
import { Sessions } from './session.ts';
import { expectSuccess, MaskedJson, readBody, statusOf, Upstreams } from './upstreams.ts';

const Priced = z
  .looseObject({
    items: z.array(z.looseObject({ quantity: z.number(), unitPrice: z.number() })),
    total: z.number(),
  })
  .transform((order) => ({ ...priceOfPlacedOrder(order), ...order }));
/** An original orders sends the total alone: the amounts that make it up are filled in. */
const Amounts = z.union([Priced, z.unknown()]);
const Order = MaskedJson.pipe(Amounts);
const OwnOrder = Order.pipe(z.looseObject({ customerId: z.string() }));
const OrderId = z.object({ id: z.string() });
const OriginalOrder = z.object({
  items: z.array(z.object({ itemId: z.string() })),
  status: z.undefined().optional(),
});
const OrderList = z.object({
  _embedded: z.object({ customerOrders: z.array(Order) }),
  _links: z.object({ next: z.unknown().optional() }).optional(),
  page: z.unknown().optional(),
});
/** Orders in a list without a page, as orders bounds it. */
const MOST_LISTED = 100;

/** Passed on from orders: ours sends problem details, an original orders its own JSON. */
const ofOrders = (description: string) => ({
  description,
  mediaType: ['application/problem+json', 'application/json'],
  body: responses.refusal,
});

/** A customer's own orders; in the original all callers could read all orders. */
@Controller('orders')
@Operation({ security: CUSTOMER, also: { 503: UNAVAILABLE } })
export class OrdersController {
  private readonly checkouts: Bulkhead;

  constructor(
    private readonly upstreams: Upstreams,
    private readonly user: UserClient,
    private readonly sessions: Sessions,
    private readonly config: FrontEndConfig,
    private readonly log: JsonLog,
    { metrics }: Telemetry,
  ) {
    const { checkoutLimit: limit, checkoutWaitMs: waitMs } = config;
    this.checkouts = new Bulkhead({ name: 'checkout', limit, waitMs, metrics });
  }

  /** Refuses waiting and new checkouts. A shutdown has time only for those under way. */
  closeCheckouts(): void {
    this.checkouts.close();
  }

  /** The status is 201, as in the original: its clients expect it. */
  @Get()
  @Operation({
    summary: "The caller's orders",
    description: `The status is 201, as in the original. With a page or a size: newest first. Without: the newest ${MOST_LISTED}, the oldest of them first. Where there are older ones, the header \`link\` leads to their page.`,
    response: responses.orders,
  })
  @HttpCode(201)
  async list(
    @Query({ schema: OrdersQuery }) query: z.infer<typeof OrdersQuery>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BodyOf<typeof responses.orders>> {
    const { orders } = this.upstreams;
    const isPage = query.page !== undefined || query.size !== undefined;
    const { page = 0, size = isPage ? 20 : MOST_LISTED } = query;
    const custId = this.sessions.customer(request);
    const asked = isPage ? { sort: 'date,desc', custId, page, size } : { sort: 'date', custId };
    const path = '/orders/search/customerId';
    const response = await orders.request({ method: 'GET', path, query: asked });
    if (statusOf(response) === 404) return [];
    const { _embedded, _links, page: given } = readBody(orders, response, OrderList);
    let list = _embedded.customerOrders;
    let older = _links?.next !== undefined;
    if (isPage ? given === undefined : list.length > size) {
      // An original orders sends all orders, the oldest first.
      const end = list.length - page * size;
      older = end > size;
      list = list.slice(Math.max(0, end - size), Math.max(0, end));
      if (isPage) list.reverse();
    }
    if (older) reply.header('link', `</orders?page=${page + 1}&size=${size}>; rel="next"`);
    return list as BodyOf<typeof responses.orders>; // passed on as orders sent them
  }

  @Get(':id')
  @Operation({
    summary: 'One order',
    params: { id: 'The end of its self link.' },
    response: responses.order,
    also: { 404: NOT_OWN },
  })
  async order(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BodyOf<typeof responses.order>> {
    const { orders } = this.upstreams;
    const customerId = this.sessions.customer(request);
    if (id === 'search') throw new ShopError(404, 'no such order'); // a route of orders, not an order
    const path = '/orders/{id}';
    const response = await orders.request({ method: 'GET', path, params: { id } });
    if (statusOf(response) === 404) throw new ShopError(404, 'no such order');
    const order = readBody(orders, response, OwnOrder);
    if (order.customerId !== customerId) throw new ShopError(404, 'no such order');
    reply.header('content-type', 'application/hal+json;charset=UTF-8');
    return order as BodyOf<typeof responses.order>; // passed on as orders sent it
  }

  /**
   * Orders the customer's cart. The body may choose one of the customer's addresses and cards; another id gets 404, and without a choice
   * the first ones are taken. The response comes from orders: 201, 406 declined or incomplete, 409 under way, 422 key used before, 503.
   */
  @Post()
  @Operation({
    summary: 'Order what is in the cart',
    description:
      'The body may name ids of the customer’s address and card; the default is the first of each. A repeat with the same key gets the first response.',
    params: {
      'idempotency-key': {
        description: 'Chosen by the caller for one order; 1 to 200 characters of ASCII.',
        schema: IdempotencyKey,
      },
    },
    response: responses.placed,
    also: {
      400: ofOrders('malformed'),
      404: ofOrders('the chosen address or card is not the customer’s'),
      406: ofOrders('something is missing, the cart is empty, or payment declined'),
      409: ofOrders('an order with this key, or of this cart, is being placed'),
      422: ofOrders('this key was used for another basket'),
      503: ofOrders(UNAVAILABLE),
    },
  })
  async place(
    @Headers('idempotency-key') key: string | undefined,
    @Body({ schema: Choice }) choice: z.infer<typeof Choice>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const customer = this.sessions.customer(request);
    const response = await this.checkouts.run(() => this.placeFor(customer, choice, key));
    const order = response.json(MaskedJson);
    const { status } = response;
    this.log.log('checkout answered', { status, orderId: OrderId.safeParse(order).data?.id });
    if (status === 201) await this.emptyCartOf(customer, order);
    for (const name of ['content-type', 'retry-after']) {
      const value = response.headers[name];
      if (value !== undefined) reply.header(name, value);
    }
    const body = status === 201 ? Amounts.parse(order) : order;
    await reply.status(status).send(JSON.stringify(body));
  }

  private async placeFor(
    customer: string,
    choice: z.infer<typeof Choice>,
    key: string | undefined,
  ): Promise<UpstreamResponse> {
    const headers = {
      accept: 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const send = async (links: OrderLinks): Promise<UpstreamResponse> => {
      const { ordersForCheckout: orders } = this.upstreams;
      const body = this.orderOf(customer, links, choice);
      const response = await orders.request({ method: 'POST', path: '/orders', headers, body });
      if (response.status >= 500 && response.status !== 503) expectSuccess(orders, response);
      return response;
    };
    const quick = await this.user.quickLinks(customer).catch(unknownCustomer);
    const response = quick && (await send(quick));
    if (response && response.status !== 406) return response;
    const links = await this.user.links(customer).catch(unknownCustomer);
    return response && isDeepStrictEqual(links, quick) ? response : send(links); // a link led nowhere
  }

  /**
   * Ours takes the ordered lines out of the cart. An original orders, whose orders have no status, leaves that to its page: without this,
   * a shopper would buy the same lines twice. A failure must not fail the order, which is paid.
   */
  private async emptyCartOf(customerId: string, order: unknown): Promise<void> {
    const placed = OriginalOrder.safeParse(order);
    if (!placed.success) return;
    const { carts } = this.upstreams;
    try {
      for (const { itemId } of placed.data.items) {
        const path = '/carts/{customerId}/items/{itemId}';
        const params = { customerId, itemId };
        const deleted = await carts.request({ method: 'DELETE', path, params });
        if (statusOf(deleted) !== 404) expectSuccess(carts, deleted); // 404: another page deleted it first
      }
    } catch (error) {
      this.log.warn('cart not emptied', { error });
    }
  }

  /**
   * Sends links, because the original's orders fetches them. Ours takes only the ids and asks its own upstreams. The customer's own link
   * stands beside that of the address.
   */
  private orderOf(id: string, { addresses, cards }: OrderLinks, choice: z.infer<typeof Choice>) {
    const address = chosen('address', addresses, choice.address);
    const card = chosen('card', cards, choice.card);
    if (address === undefined || card === undefined) {
      const message = 'Invalid order request. Order requires customer, address, card and items.'; // the original's words
      throw new ShopError(406, message);
    }
    const customer = new URL(`../customers/${encodeURIComponent(id)}`, address).href;
    const items = new URL(`/carts/${id}/items`, this.config.cartsUrl).href;
    return { customer, address, card, items };
  }
}

/** The link to the chosen document, or the first one without a choice. */
function chosen(kind: string, links: readonly string[], id?: string): string | undefined {
  if (id === undefined) return links[0];
  const link = links.find((each) => each.endsWith(`/${id}`));
  if (link === undefined) throw new ShopError(404, `no such ${kind}`);
  return link;
}

/** The account was deleted while its session was still valid. */
function unknownCustomer(error: unknown): never {
  if (error instanceof ShopError && error.status === 404) {
    throw new ShopError(401, 'User not logged in.', { cause: error });
  }
  throw error;
}
