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
  Req,
  Res,
} from '@nestjs/common';
import { callerSignal, Operation, ShopError } from '@sockshop/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NOT_FOUND, responses, UNAVAILABLE } from './responses.ts';
import { AccountsService } from './accounts.service.ts';
import { Hal, HalAnswers } from './hal.ts';
import { CustomerQuery, deleted, found, Id, optionalText } from './requests.ts';
import { type Belongings, type Stored, UserStore } from './user-store.ts';

const CustomerRequest = z.object({
  /** Basic authentication ends the name at the first colon, so a name with a colon could not log in. */
  username: z
    .string()
    .max(200)
    // Ranges, not `\\p{Cc}`: readers of /openapi.json in other languages do not know classes.
    .regex(
      /^[^:\u0000-\u001f\u007f-\u009f]+$/,
      'must be a text without colons and control characters',
    ),
  /** Without a password the account cannot log in. The original ignored it here. */
  password: optionalText,
  email: optionalText,
  firstName: optionalText,
  lastName: optionalText,
});
const TAKEN = { 409: 'the user name is taken' };
const RegisterRequest = CustomerRequest.extend({ password: z.string().min(1).max(1000) });

/** Accounts. Creating answers 200, not 201, as in the original. */
@Controller()
@HalAnswers()
@Operation({ params: { id: "The customer's id, 24 hex digits." }, also: { 503: UNAVAILABLE } })
export class CustomersController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly store: UserStore,
    private readonly hal: Hal,
  ) {}

  @Get('login')
  @Operation({
    summary: 'The customer with this name and password',
    description: 'Basic authentication.',
    security: ['basic'],
    response: responses.login,
    also: {
      401: 'the user name or the password is wrong or missing',
      429: 'wrong, and too many logins of this name or from this address were wrong in the last minute',
    },
  })
  async login(
    @Headers('authorization') authorization: string | undefined,
    @Req() { ip: address }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const given = basicCredentials(authorization);
    const caller = { address, signal: callerSignal(reply) };
    const customer = given && (await this.accounts.login(given.username, given.password, caller));
    if (!customer) {
      const headers = { 'www-authenticate': 'Basic realm="user", charset="UTF-8"' };
      throw new ShopError(401, 'user name or password is wrong or missing', { headers });
    }
    return { user: this.hal.customer(customer) };
  }

  @Post('register')
  @Operation({
    summary: 'Create an account',
    description: 'A repeat with the same key, user name and password gets the first response.',
    params: { 'idempotency-key': 'Chosen by the caller for one visitor.' },
    response: responses.created,
    also: TAKEN,
  })
  @HttpCode(200)
  async register(
    @Body({ schema: RegisterRequest }) body: z.infer<typeof RegisterRequest>,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return { id: await this.accounts.register(body, callerSignal(reply), key) };
  }

  @Post('customers')
  @Operation({
    summary: 'Create an account, with or without a password',
    description: 'A repeat with the same key, user name and password gets the first response.',
    params: { 'idempotency-key': 'Chosen by the caller for one visitor.' },
    response: responses.created,
    also: TAKEN,
  })
  @HttpCode(200)
  async create(
    @Body({ schema: CustomerRequest }) body: z.infer<typeof CustomerRequest>,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return { id: await this.accounts.register(body, callerSignal(reply), key) };
  }

  @Get('customers')
  @Operation({ summary: 'All customers', response: responses.customers })
  async list() {
    const customers = await this.store.customers();
    return { _embedded: { customer: customers.map((customer) => this.hal.customer(customer)) } };
  }

  @Get('customers/:id')
  @Operation({
    summary: 'One customer',
    description:
      'With the query, all that an order needs in one call. The documents are embedded, whichever customer owns them, as `GET /addresses/{id}` and `GET /cards/{id}` read them.',
    response: responses.customer,
    also: { 404: NOT_FOUND },
  })
  async customer(
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: CustomerQuery }) query: z.infer<typeof CustomerQuery>,
  ) {
    if (query.links === 'all') {
      return this.hal.customerWithLinks(found(await this.store.customerWithIds(id)));
    }
    if (query.address === undefined && query.card === undefined) {
      return this.hal.customer(found(await this.store.customer(id)));
    }
    const [customer, address, card] = await Promise.all([
      this.store.customer(id),
      findIn(this.store.addresses, query.address),
      findIn(this.store.cards, query.card),
    ]);
    const _embedded = {
      ...(address && { address: this.hal.address(address) }),
      ...(card && { card: this.hal.card(card) }),
    };
    return { ...this.hal.customer(found(customer)), _embedded };
  }

  @Get('customers/:id/addresses')
  @Operation({
    summary: "A customer's addresses, oldest first",
    response: responses.addresses,
    also: { 404: NOT_FOUND },
  })
  async addresses(@Param('id', { schema: Id }) id: string) {
    const addresses = found(await this.store.addresses.of(id));
    return { _embedded: { address: addresses.map((address) => this.hal.address(address)) } };
  }

  @Get('customers/:id/cards')
  @Operation({
    summary: "A customer's cards, oldest first",
    response: responses.cards,
    also: { 404: NOT_FOUND },
  })
  async cards(@Param('id', { schema: Id }) id: string) {
    const cards = found(await this.store.cards.of(id));
    return { _embedded: { card: cards.map((card) => this.hal.card(card)) } };
  }

  @Delete('customers/:id')
  @Operation({
    summary: 'Delete a customer with all addresses and cards',
    response: responses.deleted,
    also: { 404: NOT_FOUND },
  })
  async delete(@Param('id', { schema: Id }) id: string) {
    return deleted(await this.store.deleteCustomer(id));
  }
}

function findIn<T>(
  things: Belongings<T>,
  id: string | undefined,
): Promise<Stored<T> | undefined> | undefined {
  const { data } = Id.safeParse(id);
  return data === undefined ? undefined : things.find(data);
}

function basicCredentials(authorization = ''): { username: string; password: string } | undefined {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
