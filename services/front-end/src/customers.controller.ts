import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { callerSignal, Operation, ShopError } from '@sockshop/service';
import { activeSpan } from '@sockshop/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { UNAVAILABLE, CUSTOMER } from './api.ts';
import { UserClient } from './user.client.ts';
import { NewCustomer } from './requests.ts';
import { type BodyOf, responses } from './responses.ts';
import { Sessions } from './session.ts';

/** Customers see and delete only their own account; the original showed all accounts to all callers. */
@Controller('customers')
@Operation({ also: { 503: UNAVAILABLE } })
export class CustomersController {
  constructor(
    private readonly user: UserClient,
    private readonly sessions: Sessions,
  ) {}

  @Get()
  @Operation({
    summary: 'The caller, as a list of one',
    security: CUSTOMER,
    response: responses.customers,
    also: { 404: 'the account is gone' },
  })
  async list(@Req() request: FastifyRequest): Promise<BodyOf<typeof responses.customers>> {
    const own = await this.user.customer(this.sessions.customer(request));
    return { _embedded: { customer: [own] } };
  }

  /**
   * The caller, whatever the path says: the original's page puts its `logged_in` cookie there. The response must not have a content
   * type: that page parses the text itself, and jQuery would already have parsed labelled JSON.
   */
  @Get(':id')
  @Operation({
    summary: 'The caller',
    description: 'The path is ignored.',
    params: { id: 'Any.' },
    security: CUSTOMER,
    response: responses.self,
  })
  async self(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // The path holds half of a login: traces must not show it.
    activeSpan()?.setAttribute('url.path', '/customers/{id}');
    const customerId = this.sessions.customer(request);
    const own: BodyOf<typeof responses.self.body> = await this.user
      .customer(customerId)
      .catch(hideMissing);
    await reply.send(Readable.from([JSON.stringify(own)])); // a stream is what Fastify does not label
  }

  /** As the original passes it on: a registration that does not log in. */
  @Post()
  @Operation({
    summary: 'Make an account without logging in',
    description:
      'A repeat with the same name and password in the same session gets the first account: after a 503 it may exist.',
    response: responses.created,
    also: { 409: 'the user name is taken' },
  })
  @HttpCode(200)
  create(
    @Body({ schema: NewCustomer }) body: z.infer<typeof NewCustomer>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BodyOf<typeof responses.created>> {
    const key = this.sessions.registrationKey(request);
    return this.user.register('/customers', body, key, callerSignal(reply));
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete the own account',
    description: 'The session ends.',
    params: { id: "The caller's id." },
    security: CUSTOMER,
    response: responses.deleted,
    also: { 404: "gone, or another's" },
  })
  @Header('content-type', 'application/json; charset=utf-8')
  async delete(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BodyOf<typeof responses.deleted>> {
    if (id !== this.sessions.customer(request)) throw new ShopError(404, 'not found');
    const answer = await this.user.delete('customers', id);
    this.sessions.logOut(request, reply);
    return answer;
  }
}

/** The original's page script reads this field, not the status. The account was deleted, but its session still exists. */
function hideMissing(error: unknown): { status_code: 500 } {
  if (error instanceof ShopError && error.status === 404) return { status_code: 500 };
  throw error;
}
