import { type TraceSpan, Visitor, wholeTrace } from '@sockshop/measure';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Journey, socksOf } from './journeys.ts';

export type Trace = readonly TraceSpan[];

/** A journey that was done once or several times. */
export interface RecordedJourney {
  readonly journey: string;
  /** Its traces, in order, each time it was done. */
  readonly rounds: readonly (readonly Trace[])[];
}

export interface RunOptions {
  /** How often each journey is done. */
  readonly times?: number;
  /** A wait before each, longer than the catalogue keeps an answer (`CACHE_MS`), so that each trace has its query. */
  readonly waitMs?: number;
  readonly say?: (line: string) => void;
}

/**
 * Does each journey in the shop at `url` and reads its traces from the Zipkin API at `tracesUrl`. Every journey is done once
 * before, unrecorded: connections open, and the first customer of a shop has steps that later ones do not have.
 */
export async function recordedRun(
  { url, tracesUrl }: { readonly url: string; readonly tracesUrl: string },
  journeys: readonly Journey[],
  { times = 1, waitMs = 1200, say = () => undefined }: RunOptions = {},
): Promise<RecordedJourney[]> {
  const socks = await socksOf(new Visitor(url));
  for (const { traces } of journeys) await traces(new Visitor(url), socks);
  const recorded: RecordedJourney[] = [];
  for (const { name: journey, traces } of journeys) {
    const rounds: Trace[][] = [];
    for (let nth = 0; nth < times; nth++) {
      await sleep(waitMs);
      const ids = await traces(new Visitor(url), socks);
      rounds.push(await Promise.all(ids.map((id) => wholeTrace(tracesUrl, id))));
    }
    recorded.push({ journey, rounds });
    say(`${journey}: ${rounds.flat().length} traces`);
  }
  return recorded;
}
