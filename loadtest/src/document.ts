import type { Options } from './options.ts';
import { percentiles, type Summary } from './summary.ts';
import type { Tally } from './tally.ts';
import type { Threshold } from './thresholds.ts';

/** Of the form below; another one has another number. */
const FORM = 1;

/** One generator's part of a run. */
export interface Generator {
  readonly url: string;
  readonly shoppers: number;
  readonly sharedUser: boolean;
  readonly think: Options['think'];
  readonly mixture: Options['mixture'];
  readonly original: boolean;
  /** Of the open model, for people; null in the closed one. */
  readonly rate: string | null;
  readonly seed: number;
  readonly startedAt: string;
}

export function generatorOf(options: Options, startedAt: Date): Generator {
  const { url, shoppers, sharedUser, think, mixture, original, rate = null, seed } = options;
  return {
    ...{ url: url.href, shoppers, sharedUser, think, mixture, original, rate, seed },
    startedAt: startedAt.toISOString(),
  };
}

/**
 * A run as a file: the summary, each histogram (HdrHistogram's own form, base64) so that several files can be added up, and the run in
 * stretches of time.
 */
export function documentOf(
  generators: readonly [Generator, ...Generator[]],
  tally: Tally,
  { now: _now, ...summary }: Summary,
  thresholds: readonly Threshold[],
) {
  const { intervalMs } = tally.timeline;
  return {
    form: FORM,
    ...generators[0],
    generators,
    ...summary,
    requests: { ...summary.requests, histogram: tally.all.encoded() },
    routes: summary.routes.map((line) => {
      const { latency } = tally.line(line.route, line.status, line.outcome);
      return { ...line, histogram: latency.encoded() };
    }),
    journeys: summary.journeys.map((journey) => {
      const line = tally.journey(journey.name);
      return {
        ...journey,
        histogram: line.latency.encoded(),
        steps: journey.steps.map((step) => {
          return { ...step, histogram: tally.step(line, step.route).encoded() };
        }),
      };
    }),
    timeline: {
      intervalMs,
      points: tally.timeline.points().map(({ latency, ...counts }) => ({
        ...counts,
        requests: latency.count,
        ...percentiles(latency),
        ...(latency.count > 0 && { histogram: latency.encoded() }),
      })),
    },
    thresholds,
  };
}

export type RunDocument = ReturnType<typeof documentOf>;
