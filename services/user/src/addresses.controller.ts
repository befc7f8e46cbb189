import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import { z } from 'zod';
import { Hal, HalInterceptor } from './hal.ts';
import { deleted, found, Id, optionalText, ownerId } from './requests.ts';
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
@UseInterceptors(HalInterceptor)
export class AddressesController {
  constructor(
    private readonly store: UserStore,
    private readonly hal: Hal,
  ) {}

  @Get()
  async list() {
    const addresses = await this.store.addresses.all();
    return { _embedded: { address: addresses.map((address) => this.hal.address(address)) } };
  }

  @Get(':id')
  async address(@Param('id', { schema: Id }) id: string) {
    return this.hal.address(found(await this.store.addresses.find(id)));
  }

  @Post()
  @HttpCode(200)
  async add(
    @Body({ schema: AddressRequest }) { userID, ...address }: z.infer<typeof AddressRequest>,
  ) {
    return { id: found(await this.store.addresses.add(address, userID)) };
  }

  @Delete(':id')
  async delete(@Param('id', { schema: Id }) id: string) {
    return deleted(await this.store.addresses.delete(id));
  }
}
