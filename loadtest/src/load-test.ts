import { visitAgain } from './closed-model.ts';
import { Crowd } from './crowd.ts';
import { OpenModel } from './open-model.ts';
import type { Options } from './options.ts';
import type { Tally } from './tally.ts';
import type { VisitSpans } from './visit-spans.ts';

/** Between the starts of two shoppers, in ms: their registrations cost the shop a password hash each. */
const rampMs = 50;

/** Runs the shoppers until `stop`, then waits for running requests, but not after `cut`. */
export async function runShoppers(
  options: Options,
  tally: Tally,
  stop: AbortSignal,
  cut: AbortSignal,
  spans?: VisitSpans,
): Promise<void> {
  const { shoppers, mixture, phases } = options;
  const crowd = new Crowd(options, tally, { stop, cut }, spans);
  const one = async (number: number): Promise<void> => {
    const shopper = crowd.newShopper(number);
    try {
      await shopper.session.pause((number - 1) * rampMs);
      await visitAgain(shopper, mixture, tally);
    } catch (error) {
      if (crowd.isBug()) throw error;
    }
  };
  try {
    if (phases) await new OpenModel(crowd, options).run(phases, stop);
    else await Promise.all(Array.from({ length: shoppers }, (_, index) => one(index + 1)));
  } finally {
    await crowd.end();
  }
}
