import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Operation } from '@sockshop/service';
import { z } from 'zod';
import { NOT_FOUND, responses, UNAVAILABLE } from './responses.ts';
import { Hal, HalAnswers } from './hal.ts';
import { deleted, found, Id, NO_OWNER, optionalText, ownerId } from './requests.ts';
import { UserStore } from './user-store.ts';

const AddressRequest = z.object({
  street: optionalText,
  number: optionalText,
  country: optionalText,
  city: optionalText,
  postcode: optionalText,
  userID: ownerId,
});

@Controller('addresses')
@HalAnswers()
@Operation({ params: { id: "The address's id, 24 hex digits." }, also: { 503: UNAVAILABLE } })
export class AddressesController {
  constructor(
    private readonly store: UserStore,
    private readonly hal: Hal,
  ) {}

  @Get()
  @Operation({ summary: 'All addresses', response: responses.addresses })
  async list() {
    const addresses = await this.store.addresses.all();
    return { _embedded: { address: addresses.map((address) => this.hal.address(address)) } };
  }

  @Get(':id')
  @Operation({ summary: 'One address', response: responses.address, also: { 404: NOT_FOUND } })
  async address(@Param('id', { schema: Id }) id: string) {
    return this.hal.address(found(await this.store.addresses.find(id)));
  }

  @Post()
  @Operation({
    summary: 'Add an address',
    response: responses.created,
    also: { 404: 'no such customer' },
  })
  @HttpCode(200)
  async add(
    @Body({ schema: AddressRequest }) { userID, ...address }: z.infer<typeof AddressRequest>,
  ) {
    return { id: found(await this.store.addresses.add(address, userID), NO_OWNER) };
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete an address',
    response: responses.deleted,
    also: { 404: NOT_FOUND },
  })
  async delete(@Param('id', { schema: Id }) id: string) {
    return deleted(await this.store.addresses.delete(id));
  }
}
