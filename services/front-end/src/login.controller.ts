import { Body, Controller, Get, Header, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { callerSignal, Operation, plainAddress, ShopError } from '@sockshop/service';
import type { UpstreamResponse } from '@sockshop/upstream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { UNAVAILABLE } from './api.ts';
import { GuestCart } from './guest-cart.ts';
import { NewCustomer } from './requests.ts';
import { type BodyOf, responses } from './responses.ts';
import { Sessions } from './session.ts';
import { readBody, statusOf, Upstreams } from './upstreams.ts';
import { UserClient } from './user.client.ts';

const LoginAnswer = z.object({ user: z.object({ id: z.string() }) });

interface LoggedIn {
  readonly customerId: string;
  /** The login name. */
  readonly name: string;
}

@Controller()
@Operation({ also: { 503: UNAVAILABLE } })
export class LoginController {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly sessions: Sessions,
    private readonly user: UserClient,
    private readonly guestCart: GuestCart,
  ) {}

  /** Basic credentials by GET, as the original's page and load test send them. */
  @Get('login')
  @Operation({
    summary: 'Log in',
    changesState: true,
    description: "By Basic authentication. The guest's cart is added to the customer's.",
    security: ['basic'],
    response: responses.cookie,
    also: {
      401: 'the name or the password is wrong or missing',
      429: 'wrong, and too many logins of this name or from this address were wrong in the last minute',
    },
  })
  @Header('content-type', 'text/html; charset=utf-8')
  async login(
    @Headers('authorization') authorization: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.enter(await this.customerWith(authorization, request, reply), request, reply);
    return 'Cookie is set';
  }

  /** A new customer is logged in at once. */
  @Post('register')
  @Operation({
    summary: 'Make an account and log in',
    description:
      'A repeat with the same name and password in the same session gets the first account: after a 503 it may exist.',
    response: responses.created,
    also: { 409: 'the user name is taken' },
  })
  @HttpCode(200)
  async register(
    @Body({ schema: NewCustomer }) body: z.infer<typeof NewCustomer>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BodyOf<typeof responses.created>> {
    const key = this.sessions.registrationKey(request);
    const { id } = await this.user.register('/register', body, key, callerSignal(reply));
    await this.enter({ customerId: id, name: body.username }, request, reply);
    return { id };
  }

  /** Not in the original, which left the session open. */
  @Post('logout')
  @Operation({ summary: 'Log out' })
  @HttpCode(204)
  logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    this.sessions.logOut(request, reply);
  }

  private async customerWith(
    authorization: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<LoggedIn> {
    const refused = new ShopError(401, 'Invalid login credentials.');
    if (!authorization?.startsWith('Basic ')) throw refused;
    const { userForLogin } = this.upstreams;
    const response = await userForLogin.request({
      method: 'GET',
      path: '/login',
      headers: { authorization, 'x-forwarded-for': plainAddress(request.ip) }, // user counts wrong logins by address
      signal: callerSignal(reply),
    });
    const status = statusOf(response);
    if (status === 429) throw tooMany(response);
    if (status >= 400 && status < 500) throw refused; // the caller must not learn which of the two was wrong
    const name = Buffer.from(authorization.slice('Basic '.length), 'base64')
      .toString()
      .split(':')[0];
    return { customerId: readBody(userForLogin, response, LoginAnswer).user.id, name: name ?? '' };
  }

  private async enter(who: LoggedIn, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const merged = await this.guestCart.mergeInto(who.customerId, request);
    this.sessions.logIn(request, reply, who, merged);
  }
}

function tooMany({ headers }: UpstreamResponse): ShopError {
  const after = String(headers['retry-after'] ?? 60);
  const message = 'Too many wrong logins. Please wait before the next one.';
  return new ShopError(429, message, { headers: { 'retry-after': after } });
}
