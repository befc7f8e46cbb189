import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Operation } from '@sockshop/service';
import { z } from 'zod';
import { NOT_FOUND, responses, UNAVAILABLE } from './responses.ts';
import { Hal, HalAnswers } from './hal.ts';
import { deleted, found, Id, NO_OWNER, optionalText, ownerId } from './requests.ts';
import { UserStore } from './user-store.ts';

const CardRequest = z.object({
  /** Blanks and dashes between the digits are dropped. No check sum: the shop's own cards would fail it. */
  longNum: z
    .string()
    .regex(/^[ -]*([0-9][ -]*){12,19}$/, 'must have 12 to 19 digits')
    .transform((text) => text.replace(/[ -]/g, '')),
  expires: optionalText,
  /** Taken from clients that send it, and dropped. */
  ccv: optionalText,
  userID: ownerId,
});

@Controller('cards')
@HalAnswers()
@Operation({ params: { id: "The card's id, 24 hex digits." }, also: { 503: UNAVAILABLE } })
export class CardsController {
  constructor(
    private readonly store: UserStore,
    private readonly hal: Hal,
  ) {}

  @Get()
  @Operation({ summary: 'All cards', response: responses.cards })
  async list() {
    const cards = await this.store.cards.all();
    return { _embedded: { card: cards.map((card) => this.hal.card(card)) } };
  }

  @Get(':id')
  @Operation({ summary: 'One card', response: responses.card, also: { 404: NOT_FOUND } })
  async card(@Param('id', { schema: Id }) id: string) {
    return this.hal.card(found(await this.store.cards.find(id)));
  }

  @Post()
  @Operation({
    summary: 'Add a card',
    response: responses.created,
    also: { 404: 'no such customer' },
  })
  @HttpCode(200)
  async add(
    @Body({ schema: CardRequest }) { userID, longNum, expires }: z.infer<typeof CardRequest>,
  ) {
    return { id: found(await this.store.cards.add({ longNum, expires }, userID), NO_OWNER) };
  }

  @Delete(':id')
  @Operation({ summary: 'Delete a card', response: responses.deleted, also: { 404: NOT_FOUND } })
  async delete(@Param('id', { schema: Id }) id: string) {
    return deleted(await this.store.cards.delete(id));
  }
}
