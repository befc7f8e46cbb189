import { command, CommandError, Option, path, text, whole } from '@sockshop/cli';
import { basename } from 'node:path';
import { type Phases, steady } from './arrivals.ts';
import { JOURNEY_NAMES, JOURNEYS, type Mixture, USUAL } from './journeys.ts';
import {
  durationOf,
  type LatencyLimit,
  limitsOf,
  type Listener,
  listenerOf,
  mixtureOf,
  percentOf,
  rateOf,
  shareOf,
  thinkOf,
  urlOf,
} from './option-values.ts';
import type { Think } from './pace.ts';

/** Shoppers where nothing says how many: with a rate, the most at once. */
const usualShoppers = { closed: 10, open: 500 };

export const LOAD = command('npm run load --')
  .description('Shoppers browse, fill their carts and order, until stopped.')
  .addOption(
    new Option('--url <URL>', 'the shop')
      .argParser(urlOf)
      .default(new URL('http://localhost:8080'), 'http://localhost:8080'),
  )
  .option(
    '--shoppers <N>',
    `how many at once (default: ${usualShoppers.closed}); with --rate or --phases, at most (default: ${usualShoppers.open})`,
    whole(1, 10_000),
  )
  .option('--duration <TIME>', 'then stop: 90s, 5m, 2h (default: until Ctrl-C)', durationOf)
  .addOption(
    new Option(
      '--think <TIME>',
      'pause before each request: a mean such as 150ms (exponentially distributed), a range such as 100ms..2s (evenly distributed), or 0 for none',
    )
      .argParser(thinkOf)
      .default({ meanMs: 150 }, '150ms'),
  )
  .addOption(
    new Option(
      '--rate <RATE>',
      'visits that begin per second (20/s), minute or hour, whatever the shop does',
    )
      .argParser(rateOf)
      .conflicts('phases'),
  )
  .option('--phases <FILE>', 'the same with a rate that changes: ramps, steps, spikes, days', path)
  .addOption(
    new Option(
      '--journeys <LIST>',
      `what the shoppers do, by weight: buy=5,browse=20 (default: a mixture). Of: ${JOURNEY_NAMES.join(', ')}`,
    )
      .argParser(mixtureOf)
      .conflicts(['original', 'rich']),
  )
  .addOption(
    new Option(
      '--original',
      "the journey of the original's load test only, which works with an original shop too",
    ).conflicts('rich'),
  )
  .option(
    '--rich <SHARE>',
    'the journey of the original, and this share of richer ones: short for --journeys original,rich',
    shareOf,
  )
  .option(
    '--shared-user',
    'all shoppers are the customer "user" with its one cart, which they empty (default: each registers an account of its own)',
  )
  .option(
    '--browser <N>',
    'this many windows of a real browser, too: Chromium on the PATH, or CHROMIUM=/path/to/it',
    whole(1, 100),
  )
  .option(
    '--seed <N>',
    'repeats the choices and think times of an earlier run (default: by chance)',
    whole(0, 2 ** 32 - 1),
  )
  .option(
    '--json <FILE>',
    'writes the summary there, with the id of every acknowledged order',
    path,
  )
  .option('--html <FILE>', 'writes a report with charts there, a page that loads nothing', path)
  .option(
    '--journal <FILE>',
    'writes every change of a cart and every order there as it happens',
    path,
  )
  .option(
    '--zipkin <URL>',
    "sends a span of each visit and of each request there: http://localhost:9411. OTEL_EXPORTER_OTLP_ENDPOINT and the other variables of the shop's services do the same",
    text,
  )
  .addOption(
    new Option(
      '--metrics-port <PORT>',
      'serves /metrics for Prometheus there, on this machine; 0.0.0.0:9464: for others, too',
    ).argParser(listenerOf),
  )
  .addOption(maxErrorRate())
  .addOption(p95())
  .addOption(
    new Option(
      '--find-capacity',
      'instead of a run: raises the rate (from --rate, default: 2/s) until a promise (--p95, --max-error-rate: 1% if not given) breaks, then narrows, and says what was saturated',
    ).conflicts(['phases', 'duration', 'html', 'journal', 'zipkin', 'metricsPort', 'browser']),
  )
  .option('--step <TIME>', 'how long each rate of --find-capacity is held', durationOf, 10_000)
  .option(
    '--dir <DIR>',
    'for --find-capacity: the folder of state.json of a shop on this machine (default: .sockshop, .sockshop/embedded)',
    path,
  )
  .option('--fail-on-errors', 'exits with 1 if a request failed; a declined payment is no failure');

export const MERGE = command('merge')
  .description('Adds up what several generators wrote with --json, as one run.')
  .argument(
    '<files...>',
    'of --json',
    (file: string, before: string[]) => [...before, path(file)],
    [],
  )
  .option('--json <FILE>', 'writes the sum there', path)
  .option('--html <FILE>', 'writes a report with charts there', path)
  .addOption(maxErrorRate())
  .addOption(p95());

function maxErrorRate() {
  return new Option(
    '--max-error-rate <SHARE>',
    'exits with 1 if more requests failed, such as 1%; an arrival that was dropped counts as one',
  ).argParser(percentOf);
}

function p95() {
  return new Option(
    '--p95 <TIME>',
    'exits with 1 if the 95th percentile is longer: 300ms; of a journey or a route: buy=1s, "POST /orders=500ms". May be repeated',
  ).argParser<LatencyLimit[]>(limitsOf);
}

export interface Options {
  readonly url: URL;
  /** How many at once; in the open model at most. */
  readonly shoppers: number;
  /** Undefined: until stopped. */
  readonly durationMs: number | undefined;
  readonly sharedUser: boolean;
  readonly think: Think;
  readonly mixture: Mixture;
  /** Only what the original's load test does. */
  readonly original: boolean;
  /** The open model's rate over time; undefined: the closed model. */
  readonly phases: Phases | undefined;
  /** The same for people. */
  readonly rate: string | undefined;
  /** Windows of a real browser. */
  readonly browsers: number;
  readonly seed: number;
  /** Where the machine-readable summary goes. */
  readonly jsonFile: string | undefined;
  /** Where the report with charts goes. */
  readonly htmlFile: string | undefined;
  /** Where every change of a cart and every order is written as it happens. */
  readonly journalFile: string | undefined;
  /** Where spans go; undefined: where variables say, if anywhere. */
  readonly zipkin: string | undefined;
  /** Where /metrics is served. */
  readonly metrics: Listener | undefined;
  /** Share of failed requests, 0 to 1. */
  readonly maxErrorRate: number | undefined;
  readonly p95: readonly LatencyLimit[];
}

type Values = ReturnType<typeof LOAD.opts>;

/** The options of a run. @param file what the file of phases says. @param open shoppers arrive by a rate that is yet to be found */
export function loadOptions(values: Values, file?: Phases, open = false): Options {
  const { seed = Math.floor(Math.random() * 2 ** 31), rate, p95 = [] } = values;
  const mixture = mixtureFor(values);
  for (const { of } of p95) requireKnown(of, mixture);
  const phases = rate === undefined ? file : steady(rate);
  return {
    url: values.url,
    shoppers: values.shoppers ?? (phases || open ? usualShoppers.open : usualShoppers.closed),
    durationMs: values.duration,
    sharedUser: values.sharedUser ?? false,
    think: values.think,
    mixture,
    original: values.original ?? false,
    phases,
    rate: rate === undefined ? values.phases && basename(values.phases) : `${rate} visits/s`,
    browsers: values.browser ?? 0,
    seed,
    jsonFile: values.json,
    htmlFile: values.html,
    journalFile: values.journal,
    zipkin: values.zipkin,
    metrics: values.metricsPort,
    maxErrorRate: values.maxErrorRate ?? (values.failOnErrors ? 0 : undefined),
    p95,
  };
}

function mixtureFor({ original, rich, journeys }: Values): Mixture {
  if (original) return { original: 1 };
  if (rich !== undefined) return { original: 1 - rich, rich };
  return journeys ?? USUAL;
}

/** A limit of what never happens would always hold. */
function requireKnown(of: string | undefined, mixture: Mixture): void {
  if (of === undefined || /^[A-Z]+ \//.test(of)) return;
  if (Object.hasOwn(JOURNEYS, of) && Object.entries(mixture).some(([n, w]) => n === of && w > 0))
    return;
  throw new CommandError(`--p95: no journey of this run is ${of}, and it is no route.`);
}
