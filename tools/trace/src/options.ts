import { command, InvalidArgumentError, Option, text, whole } from '@sockshop/cli';
import { resolve } from 'node:path';
import { DEFAULTS } from './data.ts';
import { RULES, type RuleId } from './rules.ts';

const HOUR_MS = 3_600_000;

export const LINT = command('npm run trace:lint --')
  .description(
    "Reports what is wrong with recorded traces, of this shop or of any other system: spans of Zipkin (v2) or OTLP, from a server or from files. '-' is the standard input.",
  )
  .argument('[FILES...]', 'spans as JSON: a list, a list of traces, or one object a line')
  .option('--zipkin <URL>', "read the traces of a Zipkin, or of the shop's trace store", text)
  .addOption(
    new Option('--lookback <TIME>', 'how far back: 90s, 15m, 2h, 1d')
      .argParser(duration)
      .default(HOUR_MS, '1h'),
  )
  .option('--limit <N>', 'at most so many traces', whole(1, 1_000_000), 10_000)
  .option('--service <NAME>', 'only traces with this service', text)
  .option('--trace <ID>', 'only this trace; may be repeated', each, [])
  .option(
    '--metrics <[SERVICE=]URL>',
    'compare rates, errors and durations with these metrics of Prometheus; may be repeated',
    each,
    [],
  )
  .option(
    '--edges <FILE>',
    'the declared edges: lines `caller -> callee`, or JSON like that of Zipkin',
    file,
  )
  .option('--shop', 'the edges, entries and jobs of this shop are declared')
  .option('--entry <NAME>', 'a service that users call; may be repeated', each, [])
  .option(
    '--job <NAME>',
    'a span that may begin a trace, such as scheduled work; may be repeated',
    each,
    [],
  )
  .addOption(
    new Option('--skew <MS>', 'by how much clocks of two processes may differ')
      .argParser(whole(0, 86_400_000))
      .default(DEFAULTS.skewUs / 1000),
  )
  .addOption(
    new Option('--gap <MS>', 'the longest time that no span explains')
      .argParser(whole(1, 86_400_000))
      .default(DEFAULTS.gapUs / 1000),
  )
  .option(
    '--repeats <N>',
    'how often a step may be repeated under one parent',
    whole(1, 1_000_000),
    DEFAULTS.repeats,
  )
  .option('--rules <RULES>', '`list` or `markdown` prints all rules; else only these: T07,T12a')
  .option('--off <RULES>', 'without these: T55,T08')
  .addOption(
    new Option('--fail-on <LEVEL>', 'findings of this level or above give the exit code 1')
      .choices(['error', 'warning', 'note', 'never'])
      .default('note' as const),
  )
  .option('--json', 'the report as JSON')
  .addHelpText(
    'after',
    '\nExit code: 0 clean, 1 findings, 2 the spans or the command line could not be read.',
  );

export type LintCommandOptions = ReturnType<typeof LINT.opts>;

function each(given: string, before: string[]): string[] {
  return [...before, text(given)];
}

function file(given: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), text(given));
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS };

function duration(given: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('Give a time such as 90s, 15m, 2h or 1d.');
}

/** Whether a rule is asked for; `T07` means T07a, T07b and so on. @throws InvalidArgumentError for one that does not exist */
export function ruleFilter(
  only: string | undefined,
  off: string | undefined,
): (rule: RuleId) => boolean {
  const chosen = only === undefined ? undefined : rulesOf(only);
  const not = off === undefined ? new Set<string>() : rulesOf(off);
  return (rule) => (chosen?.has(rule) ?? true) && !not.has(rule);
}

function rulesOf(list: string): Set<string> {
  const all = Object.keys(RULES);
  return new Set(
    list.split(',').flatMap((given) => {
      const word = given.trim().toLowerCase();
      const found = all.filter(
        (rule) => rule.toLowerCase() === word || rule.toLowerCase().replace(/[a-z]$/, '') === word,
      );
      if (found.length === 0)
        throw new InvalidArgumentError(
          `There is no rule ${given.trim()}: --rules list prints them.`,
        );
      return found;
    }),
  );
}
