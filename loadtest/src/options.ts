import { parseArgs } from 'node:util';
import type { Think } from './pace.ts';

export interface Options {
  url: URL;
  shoppers: number;
  /** Until stopped when there is none. */
  durationMs?: number;
  sharedUser: boolean;
  think: Think;
  /** Share of the visits that are rich ones, 0 to 1. */
  richShare: number;
  seed: number;
  /** Where the machine-readable summary goes. */
  jsonFile?: string;
  /** Where every change of a cart and every order is written as it happens. */
  journalFile?: string;
  failOnErrors: boolean;
}

export const help = `Shoppers that log in, browse, fill their carts and order without end.

  npm run load -- --shoppers 10 --duration 60s

  --url URL          the shop (http://localhost:8080)
  --shoppers N       how many at once (10)
  --duration TIME    then stop: 90s, 5m, 2h (until Ctrl-C)
  --think TIME       pause before each request: a mean such as 150ms (exponentially distributed), a range
                     such as 100ms..2s (evenly distributed), or 0 for none (150ms)
  --shared-user      all shoppers are the customer "user" with its one cart (only the first is)
  --rich SHARE       share of the visits with several socks, changed quantities, filters and old orders (0.1)
  --seed N           repeats the choices and think times of an earlier run (by chance)
  --json FILE        write the summary there, with the id of every acknowledged order
  --journal FILE     write there every change of a cart and every order as it happens
  --fail-on-errors   exit with 1 if a request failed; a declined payment is no failure
  --help             this text
`;

/** The command line is wrong; the message says what and how it should be. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseOptions(args: string[]): Options | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    url: urlOf(values.url),
    shoppers: wholeOf('--shoppers', values.shoppers, 1, 10_000),
    ...(values.duration === undefined ? {} : { durationMs: durationOf(values.duration) }),
    sharedUser: values['shared-user'],
    think: thinkOf(values.think),
    richShare: shareOf(values.rich),
    seed:
      values.seed === undefined
        ? Math.floor(Math.random() * 2 ** 31)
        : wholeOf('--seed', values.seed, 0, 2 ** 32 - 1),
    ...(values.json === undefined ? {} : { jsonFile: fileOf('--json', values.json) }),
    ...(values.journal === undefined ? {} : { journalFile: fileOf('--journal', values.journal) }),
    failOnErrors: values['fail-on-errors'],
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        url: { type: 'string', default: 'http://localhost:8080' },
        shoppers: { type: 'string', default: '10' },
        duration: { type: 'string' },
        think: { type: 'string', default: '150ms' },
        'shared-user': { type: 'boolean', default: false },
        rich: { type: 'string', default: '0.1' },
        seed: { type: 'string' },
        json: { type: 'string' },
        journal: { type: 'string' },
        'fail-on-errors': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    // parseArgs says it well, but in sentences about its own use after the first.
    const message = Error.isError(error) ? error.message : String(error);
    throw new UsageError(message.split('. ')[0] ?? message, { cause: error });
  }
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`--url ${text}: give an http or https URL, such as http://localhost:8080`);
  }
  return url;
}

function wholeOf(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`${name} ${text}: give a whole number from ${min} to ${max}`);
}

function shareOf(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value <= 1) return value;
  throw new UsageError(`--rich ${text}: give a share from 0 to 1, such as 0.1`);
}

function durationOf(text: string): number {
  const ms = timeOf(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(
    `--duration ${text}: give a time with its unit up to 24d, such as 60s or 5m`,
  );
}

function thinkOf(text: string): Think {
  const [minMs, maxMs, ...more] = text.split('..').map(timeOf);
  if (minMs !== undefined && more.length === 0) {
    if (!text.includes('..')) return { meanMs: minMs };
    if (maxMs !== undefined && maxMs >= minMs) return { minMs, maxMs };
  }
  throw new UsageError(`--think ${text}: give 0, a mean such as 150ms, or a range such as 0..2s`);
}

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What a timer of Node can wait. */
const longestMs = 2 ** 31 - 1;

/** A time with its unit in ms; only 0 needs none. */
function timeOf(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? NaN);
  return ms <= longestMs ? ms : undefined;
}

function fileOf(name: string, text: string): string {
  if (text === '') throw new UsageError(`${name}: give the name of a file`);
  return text;
}
