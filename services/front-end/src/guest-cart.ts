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
   * Adds the guest's lines to the customer's cart and returns whether that worked. It never fails: the session remembers an unmerged
   * cart and tries again. A repeat changes nothing, since carts has emptied the guest's cart.
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
