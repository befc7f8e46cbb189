import { command, InvalidArgumentError, Option, path, whole } from '@sockshop/cli';
import type { Think } from './pace.ts';

export const LOAD = command('npm run load --')
  .description('Shoppers log in, browse, fill their carts and order, until stopped.')
  .addOption(
    new Option('--url <URL>', 'the shop')
      .argParser(urlOf)
      .default(new URL('http://localhost:8080'), 'http://localhost:8080'),
  )
  .option('--shoppers <N>', 'how many at once', whole(1, 10_000), 10)
  .option('--duration <TIME>', 'then stop: 90s, 5m, 2h (default: until Ctrl-C)', durationOf)
  .addOption(
    new Option(
      '--think <TIME>',
      'pause before each request: a mean such as 150ms (exponentially distributed), a range such as 100ms..2s (evenly distributed), or 0 for none',
    )
      .argParser(thinkOf)
      .default({ meanMs: 150 }, '150ms'),
  )
  .option(
    '--shared-user',
    'all shoppers are the customer "user" with its one cart, which they empty (default: each registers an account of its own)',
  )
  .option(
    '--rich <SHARE>',
    'share of the visits with several socks, changed quantities, filters and old orders',
    shareOf,
    0.1,
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
  .option(
    '--journal <FILE>',
    'writes every change of a cart and every order there as it happens',
    path,
  )
  .option('--fail-on-errors', 'exits with 1 if a request failed; a declined payment is no failure');

export interface Options {
  url: URL;
  shoppers: number;
  /** Undefined: until stopped. */
  durationMs: number | undefined;
  sharedUser: boolean;
  think: Think;
  /** Share of the visits that are rich ones, 0 to 1. */
  richShare: number;
  seed: number;
  /** Where the machine-readable summary goes. */
  jsonFile: string | undefined;
  /** Where every change of a cart and every order is written as it happens. */
  journalFile: string | undefined;
}

/** The options of a run. */
export function loadOptions(values: ReturnType<typeof LOAD.opts>): Options {
  const {
    url,
    shoppers,
    sharedUser = false,
    think,
    seed = Math.floor(Math.random() * 2 ** 31),
  } = values;
  return {
    url,
    shoppers,
    durationMs: values.duration,
    sharedUser,
    think,
    richShare: values.rich,
    seed,
    jsonFile: values.json,
    journalFile: values.journal,
  };
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new InvalidArgumentError('Give an http or https URL, such as http://localhost:8080.');
}

function shareOf(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value <= 1) return value;
  throw new InvalidArgumentError('Give a share from 0 to 1, such as 0.1.');
}

function durationOf(text: string): number {
  const ms = timeOf(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('Give a time with its unit up to 24d, such as 60s or 5m.');
}

function thinkOf(text: string): Think {
  const [minMs, maxMs, ...more] = text.split('..').map(timeOf);
  if (minMs !== undefined && more.length === 0) {
    if (!text.includes('..')) return { meanMs: minMs };
    if (maxMs !== undefined && maxMs >= minMs) return { minMs, maxMs };
  }
  throw new InvalidArgumentError('Give 0, a mean such as 150ms, or a range such as 0..2s.');
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The longest wait of a Node timer. */
const longestMs = 2 ** 31 - 1;

/** A time with its unit in ms; only 0 needs none. */
function timeOf(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? NaN);
  return ms <= longestMs ? ms : undefined;
}
