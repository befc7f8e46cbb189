import { CommandError } from '@sockshop/cli';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { RunDocument } from './document.ts';
import { Histogram } from './histogram.ts';
import { Tally } from './tally.ts';
import { addMoment, type Moment, newMoment } from './timeline.ts';

/** What is added up of a file; the rest of it is made anew from these. */
const counted = z.object({
  form: z.literal(1),
  elapsedSeconds: z.number(),
  generators: z.array(z.object({ startedAt: z.iso.datetime() })).min(1),
  requests: z.object({ histogram: z.string() }),
  timeline: z.object({ intervalMs: z.number().positive(), points: z.array(z.object({})) }),
});

/** @throws CommandError where it is no file of `--json` */
export async function readDocument(path: string): Promise<RunDocument> {
  const text = await readFile(path, 'utf8');
  try {
    const given: unknown = JSON.parse(text);
    counted.parse(given);
    return given as RunDocument; // written by this program, in this form
  } catch (cause) {
    throw new CommandError(`${path} is no result of npm run load -- --json.`, { cause });
  }
}

export interface Merged {
  readonly tally: Tally;
  readonly elapsedMs: number;
  readonly generators: RunDocument['generators'];
}

/** Several generators' runs as one: counts and histograms are added, each at its time. */
export function merged([first, ...more]: readonly [RunDocument, ...RunDocument[]]): Merged {
  const all = [first, ...more];
  const starts = all.map(({ startedAt }) => Date.parse(startedAt));
  const start = Math.min(...starts);
  const ends = all.map(({ elapsedSeconds }, index) => (starts[index] ?? 0) + elapsedSeconds * 1000);
  const tally = new Tally(true);
  for (const document of all) addCounts(tally, document);
  addTimelines(tally, all, start);
  const [generator, ...others] = all.flatMap(({ generators }) => generators);
  return {
    tally,
    elapsedMs: Math.max(...ends) - start,
    generators: [generator ?? first.generators[0], ...others],
  };
}

function addCounts(tally: Tally, document: RunDocument): void {
  const { counts } = tally;
  counts.placed += document.ordersPlaced;
  counts.declined += document.ordersDeclined;
  counts.withoutCart += document.ordersWithoutCart;
  counts.unanswered += document.checkoutsUnanswered;
  counts.errors += document.errors;
  counts.arrivals += document.arrivals.count;
  counts.late += document.arrivals.late;
  counts.dropped += document.arrivals.dropped;
  tally.all.add(Histogram.decoded(document.requests.histogram));
  for (const { route, status, outcome, detail, traceId, histogram } of document.routes) {
    const line = tally.line(route, status, outcome);
    line.latency.add(Histogram.decoded(histogram));
    if (traceId !== '' || line.detail === '') Object.assign(line, { detail, traceId });
  }
  for (const { name, done, failed, histogram, steps } of document.journeys) {
    const line = tally.journey(name);
    line.done += done;
    line.failed += failed;
    line.latency.add(Histogram.decoded(histogram));
    for (const step of steps) tally.step(line, step.route).add(Histogram.decoded(step.histogram));
  }
  const { slowest } = document;
  if (slowest && slowest.ms > (tally.slowest?.ms ?? 0)) tally.slowest = slowest;
  tally.orders.push(...document.orders);
  tally.unanswered.push(...document.unanswered);
}

function addTimelines(tally: Tally, all: readonly RunDocument[], start: number): void {
  const { timeline } = tally;
  timeline.atLeast(Math.max(...all.map((document) => document.timeline.intervalMs)));
  const lasts = all.map((document) => timeOf(document, document.timeline.points.length - 1));
  timeline.at(Math.max(...lasts, start) - start); // so that the stretches have their final length
  for (const document of all) {
    // The greatest number at once of one generator; those of several are added.
    const own = new Map<Moment, Moment>();
    for (const [index, point] of document.timeline.points.entries()) {
      const { errors, arrivals, dropped, shoppers, histogram } = point;
      const latency = histogram === undefined ? new Histogram() : Histogram.decoded(histogram);
      const moment = timeline.at(timeOf(document, index) - start);
      const sum = own.get(moment) ?? newMoment();
      own.set(moment, sum);
      addMoment(sum, { latency, errors, arrivals, dropped, shoppers });
    }
    for (const [moment, sum] of own) {
      const shoppers = moment.shoppers + sum.shoppers;
      addMoment(moment, sum);
      moment.shoppers = shoppers;
    }
  }
}

function timeOf({ startedAt, timeline }: RunDocument, index: number): number {
  return Date.parse(startedAt) + index * timeline.intervalMs;
}
