import { aligned, CommandError } from '@sockshop/cli';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { steady } from './arrivals.ts';
import { CpuUse, percent, saturated, type Use } from './cpu-use.ts';
import { Crowd } from './crowd.ts';
import { findKnee, type Tried } from './knee.ts';
import { OpenModel } from './open-model.ts';
import type { Options } from './options.ts';
import type { Screen } from './progress.ts';
import { requireShop } from './require-shop.ts';
import { shopProcesses } from './shop-processes.ts';
import { errorRate, summaryOf } from './summary.ts';
import { Tally } from './tally.ts';
import { type Threshold, thresholdsOf } from './thresholds.ts';

/** Before each step is counted, in shares of its length: new shoppers register, and the shop settles. */
const warmUp = 0.4;
/** In visits per second, where nothing says more. */
const usualFirst = 2;
const usualErrorRate = 0.01;

interface Step extends Tried {
  readonly requestsPerSecond: number;
  readonly p95Ms: number;
  readonly errorRate: number;
  readonly dropped: number;
  readonly thresholds: readonly Threshold[];
  readonly use: Use | undefined;
}

/** What the search needs beside the options of a run. */
export interface Search {
  /** In visits per second. */
  readonly first: number | undefined;
  readonly stepMs: number;
  /** Of the shop's state; undefined: looked for. */
  readonly dir: string | undefined;
}

/**
 * The highest rate of visits at which the promise holds, and what was at its end above it.
 * @returns false where not even the lowest rate held it. @throws CommandError without a shop or a promise
 */
export async function findCapacity(
  options: Options,
  { first = usualFirst, stepMs, dir }: Search,
  screen: Screen,
  signals: { readonly stop: AbortSignal; readonly cut: AbortSignal },
): Promise<boolean> {
  const { url, jsonFile, p95, maxErrorRate = usualErrorRate } = options;
  if (p95.length === 0)
    throw new CommandError('Give the promise that is to hold, such as --p95 200ms.');
  if (jsonFile !== undefined) await writeFile(jsonFile, ''); // better now than after an hour
  const tally = new Tally();
  await requireShop(url, tally, signals.stop);
  const processes = await shopProcesses(url, dir);
  const crowd = new Crowd(options, tally, signals);
  const model = new OpenModel(crowd, options);
  const steps: Step[] = [];

  const attempt = async (rate: number): Promise<Step | undefined> => {
    const counted = stepMs;
    const phases = steady(rate, stepMs * (1 + warmUp));
    let cpu: CpuUse | undefined;
    const over = new AbortController();
    const measured = (async (): Promise<Use | undefined> => {
      await setTimeout(stepMs * warmUp, undefined, { signal: over.signal });
      tally.restart();
      cpu = CpuUse.start(processes);
      await setTimeout(counted, undefined, { signal: over.signal });
      return cpu?.use();
    })().catch(() => undefined); // stopped
    await model.run(phases, signals.stop);
    if (signals.stop.aborted) over.abort();
    const use = await measured;
    if (signals.stop.aborted) return undefined;
    const summary = summaryOf(tally, counted);
    const thresholds = thresholdsOf({ maxErrorRate, p95 }, summary, (of) => tally.p95(of));
    const step = {
      rate,
      held: thresholds.every(({ held }) => held),
      requestsPerSecond: summary.requests.perSecond,
      p95Ms: summary.requests.p95Ms,
      errorRate: errorRate(summary),
      dropped: summary.arrivals.dropped,
      thresholds,
      use,
    };
    steps.push(step);
    screen.write(`${stepLine(step)}\n`);
    return step;
  };

  screen.write(`Steps of ${stepMs / 1000} s at ${url.href}, seed ${options.seed}\n`);
  screen.write(`${heads}\n`);
  try {
    const knee = await findKnee(first, attempt);
    screen.write(conclusion(knee.held, knee.broken));
    if (jsonFile !== undefined) {
      const limit = saturated(knee.broken?.use);
      const document = { url: url.href, stepMs, ...knee, saturated: limit, steps };
      await writeFile(jsonFile, `${JSON.stringify(document, undefined, 2)}\n`);
    }
    return knee.held !== undefined;
  } finally {
    await crowd.end();
  }
}

const columns = ['visits/s', 'requests/s', '  p95 ms', 'errors', 'dropped', 'promise'];
const heads = [...columns, 'busiest'].join('  ');

function stepLine({ rate, requestsPerSecond, p95Ms, dropped, held, use, ...step }: Step): string {
  const cells = [
    String(rate),
    requestsPerSecond.toFixed(0),
    p95Ms.toFixed(1),
    `${(step.errorRate * 100).toFixed(1)} %`,
    String(dropped),
    held ? 'held' : 'BROKEN',
  ].map((cell, index) => cell.padStart(columns[index]?.length ?? 0));
  const busiest = (use?.processes ?? [])
    .slice(0, 2)
    .map(({ name, share }) => `${name} ${percent(share)}`);
  return [...cells, busiest.join(', ')].join('  ').trimEnd();
}

function conclusion(held: Step | undefined, broken: Step | undefined): string {
  const why = (broken?.thresholds ?? [])
    .filter((threshold) => !threshold.held)
    .map(({ name, limit, found }) => `${name} ${found}, at most ${limit}`)
    .join('; ');
  const rows = [
    ['knee', held ? `${held.rate} visits/s (${held.requestsPerSecond} requests/s)` : 'none found'],
    ...(broken
      ? [
          ['broken at', `${broken.rate} visits/s: ${why}`],
          ['saturated', saturated(broken.use)],
        ]
      : []),
  ];
  return `\n${aligned(rows, 2)}\n`;
}
