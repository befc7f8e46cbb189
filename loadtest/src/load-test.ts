import type { BrowserShoppers } from './browser-shoppers.ts';
import { visitAgain } from './closed-model.ts';
import { Crowd } from './crowd.ts';
import { OpenModel } from './open-model.ts';
import type { Options } from './options.ts';
import type { Tally } from './tally.ts';
import type { VisitSpans } from './visit-spans.ts';

/** Between the starts of two shoppers, in ms: their registrations cost the shop a password hash each. */
const rampMs = 50;

/** What not every run has. */
export interface Beside {
  readonly spans?: VisitSpans | undefined;
  readonly windows?: BrowserShoppers | undefined;
}

/** Runs the shoppers until `stop`, then waits for running requests, but not after `cut`. */
export async function runShoppers(
  options: Options,
  tally: Tally,
  stop: AbortSignal,
  cut: AbortSignal,
  { spans, windows }: Beside = {},
): Promise<void> {
  const { shoppers, mixture, phases, browsers } = options;
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
  const shopping = async (): Promise<void> => {
    if (phases) await new OpenModel(crowd, options).run(phases, stop);
    else await Promise.all(Array.from({ length: shoppers }, (_, index) => one(index + 1)));
    over.abort();
  };
  /** The last phase is over. */
  const over = new AbortController();
  const end = AbortSignal.any([stop, over.signal]);
  try {
    await Promise.all([shopping(), windows?.run(browsers, end)]);
  } finally {
    await crowd.end();
  }
}
