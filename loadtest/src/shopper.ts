import { type JourneyName, JOURNEYS, type Journey, walk } from './journeys.ts';
import type { Session } from './session.ts';
import { RequestFailedError } from './shop-client.ts';
import { SignUp } from './sign-up.ts';
import { STEPS, Visit } from './steps.ts';
import type { Tally } from './tally.ts';
import type { VisitSpans } from './visit-spans.ts';

/** Counted as a journey of its own, so that the figures of the others do not depend on how many shoppers are new. */
const signingUp = 'sign-up';

/** Walks through the shop. */
export class Shopper {
  private readonly signUp: SignUp;

  constructor(
    readonly session: Session,
    private readonly tally: Tally,
    /** Undefined: none are made. */
    private readonly spans?: VisitSpans,
  ) {
    this.signUp = new SignUp(session);
  }

  /**
   * One visit from beginning to end.
   * @param intendedAt when it was to begin, where that does not depend on the shop
   * @throws RequestFailedError, StoppedError, or the connection's error once that is destroyed
   */
  async visit(name: JourneyName, intendedAt?: number): Promise<void> {
    const { session, tally } = this;
    const journey: Journey = JOURNEYS[name];
    let next = intendedAt;
    if (journey.account && !session.account.ready) {
      await this.counted(signingUp, next, () => this.signUp.finish());
      next = next === undefined ? undefined : performance.now();
    }
    await this.counted(name, next, async () => {
      const visit = new Visit(session, tally);
      for (const step of walk(journey, session.random)) await STEPS[step](visit);
    });
  }

  private async counted(
    name: string,
    intendedAt: number | undefined,
    work: () => Promise<void>,
  ): Promise<void> {
    const { session, tally } = this;
    const span = this.spans?.begin(name);
    let failed = false;
    session.begin(name, intendedAt, span);
    tally.inShop(1);
    try {
      await work();
      tally.visited(name, session.waitedMs, true);
    } catch (error) {
      failed = error instanceof RequestFailedError;
      if (failed) tally.visited(name, session.waitedMs, false);
      throw error;
    } finally {
      span?.end(failed);
      tally.inShop(-1);
    }
  }
}
