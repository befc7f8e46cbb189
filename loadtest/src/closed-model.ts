import type { Mixture } from './journeys.ts';
import { FailurePause } from './pace.ts';
import { StoppedError } from './session.ts';
import { RequestFailedError } from './shop-client.ts';
import type { Shopper } from './shopper.ts';
import type { Tally } from './tally.ts';

/**
 * One of a fixed number of shoppers: visits the shop again and again, and waits for each response. After a failure it waits, longer each
 * time, so it survives a restart of the shop.
 */
export async function visitAgain(shopper: Shopper, mixture: Mixture, tally: Tally): Promise<void> {
  const { session } = shopper;
  const pause = new FailurePause(session.random);
  for (;;) {
    try {
      await shopper.visit(session.random.weighted(mixture));
      pause.reset();
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (!(error instanceof RequestFailedError)) throw error;
      tally.backingOff(1, error.message);
      await session.pause(pause.nextMs(error.retryAfterMs));
      tally.backingOff(-1);
    }
  }
}
