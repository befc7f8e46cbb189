import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { priceOf } from '@sockshop/pricing';
import { Operation } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UNAVAILABLE, SOCK_ID } from './api.ts';
import { AddToCart, SetQuantity } from './requests.ts';
import { type BodyOf, responses } from './responses.ts';
import { GuestCart } from './guest-cart.ts';
import { Sessions } from './session.ts';
import { expectSuccess, MaskedJson, readBody, Upstreams } from './upstreams.ts';

/** An original carts may hold broken lines, which its pages skip. */
const Lines = z.array(responses.line.nullable().catch(null));

const Sock = z.object({ id: z.string(), price: z.number() });

/** The cart of the customer, or of the guest. Responses to changes have neither body nor content type: the original's page script requires that. */
@Controller('cart')
@Operation({ also: { 503: UNAVAILABLE } })
export class CartController {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly sessions: Sessions,
    private readonly guestCart: GuestCart,
  ) {}

  @Get()
  @Operation({ summary: 'The lines of the cart', response: responses.lines })
  async lines(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.lines>> {
    const lines = await this.read(request, MaskedJson);
    return lines as BodyOf<typeof responses.lines>; // passed on as carts sent it
  }

  /** Not in the original, whose pages compute the price themselves. */
  @Get('summary')
  @Operation({ summary: 'The cart with its price', response: responses.pricedCart })
  async summary(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.pricedCart>> {
    const lines = await this.read(request, Lines);
    const items = lines.filter((line) => line !== null);
    return { items, ...priceOf(items) };
  }

  @Post()
  @Operation({
    summary: 'Add a sock',
    description: 'One piece, at the price of the catalogue.',
    also: { 404: 'no such sock', 409: 'the line is full: 999 pieces' },
  })
  async add(
    @Body({ schema: AddToCart }) { id }: z.infer<typeof AddToCart>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { carts } = this.upstreams;
    const path = '/carts/{customerId}/items';
    const params = this.cartOf(request);
    const body = await this.lineOf(id);
    expectSuccess(carts, await carts.request({ method: 'POST', path, params, body }));
  }

  @Post('update')
  @Operation({ summary: 'Set the quantity of a line', also: { 404: 'not in the cart' } })
  @HttpCode(202)
  async update(
    @Body({ schema: SetQuantity }) { id, quantity }: z.infer<typeof SetQuantity>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { carts } = this.upstreams;
    const path = '/carts/{customerId}/items';
    const params = this.cartOf(request);
    const body = { ...(await this.lineOf(id)), quantity };
    expectSuccess(carts, await carts.request({ method: 'PATCH', path, params, body }));
  }

  /** By the sock's id, not the line's. */
  @Delete(':id')
  @Operation({
    summary: 'Take a sock out',
    params: { id: SOCK_ID },
    also: { 404: 'not in the cart' },
  })
  @HttpCode(202)
  async remove(@Param('id') itemId: string, @Req() request: FastifyRequest): Promise<void> {
    const { carts } = this.upstreams;
    const path = '/carts/{customerId}/items/{itemId}';
    const params = { ...this.cartOf(request), itemId };
    expectSuccess(carts, await carts.request({ method: 'DELETE', path, params }));
  }

  @Delete()
  @Operation({ summary: 'Empty the cart' })
  @HttpCode(202)
  async clear(@Req() request: FastifyRequest): Promise<void> {
    const { carts } = this.upstreams;
    const path = '/carts/{customerId}';
    const params = this.cartOf(request);
    expectSuccess(carts, await carts.request({ method: 'DELETE', path, params }));
  }

  private async read<T>(request: FastifyRequest, schema: z.ZodType<T>): Promise<T> {
    const { carts } = this.upstreams;
    await this.mergeLate(request);
    const path = '/carts/{customerId}/items';
    const params = this.cartOf(request);
    return readBody(carts, await carts.request({ method: 'GET', path, params }), schema);
  }

  private cartOf(request: FastifyRequest): { customerId: string } {
    return { customerId: this.sessions.customerId(request) ?? this.sessions.guestCart(request) };
  }

  /** The price comes from catalogue, never from the caller. */
  private async lineOf(id: string): Promise<{ itemId: string; unitPrice: number }> {
    const { catalogue } = this.upstreams;
    const path = '/catalogue/{id}';
    const response = await catalogue.request({ method: 'GET', path, params: { id } });
    const sock = readBody(catalogue, response, Sock);
    return { itemId: sock.id, unitPrice: sock.price };
  }

  private async mergeLate(request: FastifyRequest): Promise<void> {
    const customerId = this.sessions.customerId(request);
    if (customerId === undefined || !this.sessions.unmerged(request)) return;
    if (await this.guestCart.mergeInto(customerId, request)) this.sessions.merged(request);
  }
}
