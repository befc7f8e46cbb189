import { FailurePause } from './pace.ts';
import { StoppedError, type Session } from './session.ts';
import { SignUp } from './sign-up.ts';
import { RequestFailedError } from './shop-client.ts';
import type { Tally } from './tally.ts';
import { plainVisit, richVisit } from './visit.ts';

/**
 * Visits the shop again and again. After a failure it waits, longer each time, and begins a new visit with a new login,
 * so it survives a restart of the shop.
 * @param richShare share of the visits that are rich ones, 0 to 1
 */
export async function shop(session: Session, tally: Tally, richShare: number): Promise<void> {
  const pause = new FailurePause(session.random);
  const signUp = new SignUp(session);
  for (;;) {
    try {
      await signUp.finish();
      const visit = session.random.chance(richShare) ? richVisit : plainVisit;
      await visit(session, tally);
      pause.reset();
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (!(error instanceof RequestFailedError)) throw error;
      await session.pause(pause.nextMs(error.retryAfterMs));
    }
  }
}
