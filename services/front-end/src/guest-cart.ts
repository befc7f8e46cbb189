import { Injectable } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import type { FastifyRequest } from 'fastify';
import { Sessions } from './session.ts';
import { expectSuccess, Upstreams } from './upstreams.ts';

/** What a guest put into the cart before logging in. */
@Injectable()
export class GuestCart {
  constructor(
    private readonly sessions: Sessions,
    private readonly upstreams: Upstreams,
    private readonly log: JsonLog,
  ) {}

  /**
   * Adds it to the customer's. Never fails: the answer says whether it is done, and what is not stays with the session, to be tried
   * again. Doing it twice changes nothing, as carts empties the guest's.
   */
  async mergeInto(customerId: string, request: FastifyRequest): Promise<boolean> {
    const { carts } = this.upstreams;
    const query = { sessionId: this.sessions.guestCart(request) };
    const path = '/carts/{customerId}/merge';
    try {
      const params = { customerId };
      expectSuccess(carts, await carts.request({ method: 'GET', path, params, query }));
      return true;
    } catch (error) {
      this.log.warn('guest cart not merged yet', { customerId, error });
      return false;
    }
  }
}
