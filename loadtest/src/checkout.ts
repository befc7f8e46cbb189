import { randomUUID } from 'node:crypto';
import { FailurePause } from './pace.ts';
import { placeOrder, type Order } from './routes.ts';
import { StoppedError, type Session } from './session.ts';
import { RequestFailedError } from './shop-client.ts';
import type { Tally } from './tally.ts';

/** With the longest waits between them these take half a minute, longer than a restart of the shop. */
const mostAttempts = 10;

/**
 * One order of what is in the cart. While its outcome is unknown (no answer, 5xx, 409: still
 * running), it is sent again under the same key, so that there is never a second order.
 */
export class Checkout {
  private readonly key = randomUUID();
  private readonly pause: FailurePause;
  /** An attempt reached the shop, or may have reached it, and its outcome is unknown. */
  private open = false;
  private loggedOut = false;

  constructor(
    private readonly session: Session,
    private readonly tally: Tally,
  ) {
    this.pause = new FailurePause(session.random);
  }

  /**
   * @returns the order, or nothing when the shop rightly refused it or has not decided until the last attempt
   * @throws RequestFailedError when the shop wrongly refused it or did not answer the last attempt
   */
  async finish(): Promise<Order | undefined> {
    const { shopper, username } = this.session.account;
    const checkout = { shopper, username, idempotencyKey: this.key };
    const most = this.session.original ? 1 : mostAttempts; // without a key, another attempt may be another order
    try {
      for (let attempt = 1; attempt <= most; attempt += 1) {
        const order = await this.attempt(attempt, attempt === most);
        if (order) this.tally.placed({ ...checkout, id: order.id, total: order.total });
        if (!this.open) return order;
      }
      return undefined;
    } finally {
      if (this.open) this.tally.leftUnanswered(checkout);
    }
  }

  private async attempt(number: number, last: boolean): Promise<Order | undefined> {
    try {
      if (this.loggedOut) await this.session.logIn();
      this.loggedOut = false;
      return await this.send(number === 1);
    } catch (error) {
      if (!(error instanceof RequestFailedError)) {
        this.open ||= !(error instanceof StoppedError);
        throw error;
      }
      this.open ||= !error.refused;
      // A shop restarted with another session key asks to log in again, a busy edge to come back later.
      this.loggedOut ||= error.status === '401';
      const decided = error.refused && !['401', '429'].includes(error.status);
      if (decided) this.open = false;
      if (!this.open || last) throw error;
      await this.session.pause(this.pause.nextMs(error.retryAfterMs));
      return undefined;
    }
  }

  private async send(first: boolean): Promise<Order | undefined> {
    const { shared } = this.session.account;
    const ask = {
      ...(!this.session.original && { headers: { 'idempotency-key': this.key } }),
      business: (status: number, message: string) =>
        status === 409 ||
        (status === 406 && (shared || isDeclined(message))) ||
        (status === 422 && shared), // the same key, but another shopper changed the cart
    };
    const answer = first
      ? await this.session.ask(placeOrder, ask)
      : await this.session.send(placeOrder, ask);
    this.open = answer.status === 409 && !this.session.original; // without a key: the cart is being ordered by another shopper
    if (answer.outcome === 'ok') return answer.body;
    if (this.open) await this.session.pause(this.pause.nextMs(answer.retryAfterMs));
    else if (isDeclined(answer.message)) this.tally.declined();
    else this.tally.withoutCart();
    return undefined;
  }
}

/** The words of the original's payment. */
function isDeclined(message: string): boolean {
  return message.startsWith('Payment declined');
}
