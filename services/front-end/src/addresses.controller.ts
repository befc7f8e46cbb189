import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { Operation } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UNAVAILABLE, CUSTOMER, NOT_OWN } from './api.ts';
import { UserClient } from './user.client.ts';
import { NewAddress } from './requests.ts';
import { type BodyOf, responses } from './responses.ts';
import { Sessions } from './session.ts';

/** A customer's own addresses; the original showed those of all customers. */
@Controller()
@Operation({
  params: { id: "The address's id." },
  security: CUSTOMER,
  also: { 404: 'the account is gone', 503: UNAVAILABLE },
})
export class AddressesController {
  constructor(
    private readonly user: UserClient,
    private readonly sessions: Sessions,
  ) {}

  /** The address that orders are shipped to. Without one, the `status_code` that the original's page script reads. */
  @Get('address')
  @Operation({
    summary: 'The address that orders are shipped to',
    description: 'The first one.',
    response: responses.address,
  })
  async first(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.address>> {
    const [address] = await this.own(request);
    return address ?? { status_code: 500 };
  }

  @Get('addresses')
  @Operation({ summary: "The caller's addresses", response: responses.addresses })
  async list(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.addresses>> {
    return { _embedded: { address: await this.own(request) } };
  }

  @Post('addresses')
  @Operation({ summary: 'Add an address', response: responses.created })
  @HttpCode(200)
  create(
    @Body({ schema: NewAddress }) address: z.infer<typeof NewAddress>,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.created>> {
    const userID = this.sessions.customer(request);
    return this.user.add('addresses', { ...address, userID });
  }

  @Delete('addresses/:id')
  @Operation({ summary: 'Delete an address', response: responses.deleted, also: { 404: NOT_OWN } })
  async delete(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
  ): Promise<BodyOf<typeof responses.deleted>> {
    await this.user.owned(this.own(request), id);
    return this.user.delete('addresses', id);
  }

  private async own(request: FastifyRequest) {
    return this.user.addresses(this.sessions.customer(request));
  }
}
