import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { Operation } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UNAVAILABLE, CUSTOMER, NOT_OWN } from './api.ts';
import { UserClient } from './user.client.ts';
import { NewCard } from './requests.ts';
import { type BodyOf, responses } from './responses.ts';
import { Sessions } from './session.ts';

/** A customer's own cards, masked; the original showed those of all customers in full. */
@Controller()
@Operation({
  params: { id: "The card's id." },
  security: CUSTOMER,
  also: { 404: 'the account is gone', 503: UNAVAILABLE },
})
export class CardsController {
  constructor(
    private readonly user: UserClient,
    private readonly sessions: Sessions,
  ) {}

  /** The last four digits of the card that is charged. Without one, the `status_code` that the original's page script reads. */
  @Get('card')
  @Operation({
    summary: 'The last digits of the card that is charged',
    description: 'The first one.',
    response: responses.lastDigits,
  })
  async first(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.lastDigits>> {
    const [card] = await this.own(request);
    return card === undefined ? { status_code: 500 } : { number: card.longNum.slice(-4) };
  }

  @Get('cards')
  @Operation({ summary: "The caller's cards", response: responses.cards })
  async list(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.cards>> {
    return { _embedded: { card: await this.own(request) } };
  }

  @Get('cards/:id')
  @Operation({ summary: 'One card', response: responses.card, also: { 404: NOT_OWN } })
  card(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.card>> {
    return this.user.owned(this.own(request), id);
  }

  @Post('cards')
  @Operation({ summary: 'Add a card', response: responses.created })
  @HttpCode(200)
  create(
    @Body({ schema: NewCard }) card: z.infer<typeof NewCard>,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.created>> {
    const userID = this.sessions.customer(request);
    return this.user.add('cards', { ...card, userID });
  }

  @Delete('cards/:id')
  @Operation({ summary: 'Delete a card', response: responses.deleted, also: { 404: NOT_OWN } })
  async delete(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.deleted>> {
    await this.user.owned(this.own(request), id);
    return this.user.delete('cards', id);
  }

  private async own(request: FastifyRequest) {
    return this.user.cards(this.sessions.customer(request));
  }
}
