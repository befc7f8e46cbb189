import { command, InvalidArgumentError, Option, path, whole } from '@sockshop/cli';
import { JOURNEY_NAMES, type JourneyName } from './journeys.ts';

const WAYS = ['embedded', 'distributed'] as const;
const TRACINGS = ['on', 'off'] as const;

export const BENCH = command('npm run bench --')
  .description(
    `Measures what a request costs: CPU time of every process, as a ratio to a bare node:http server in the same round, latency and memory.
It starts shops of its own on free ports, as they are started for use, and deletes them at the end. Exits with 1 if a response was wrong.`,
  )
  .addOption(
    new Option('--journeys <LIST>', `of ${JOURNEY_NAMES.join(', ')}`)
      .argParser(listOf(JOURNEY_NAMES))
      .default(JOURNEY_NAMES, 'all'),
  )
  .addOption(
    new Option('--connections <LIST>', 'numbers of kept connections, from 1 to 1000')
      .argParser(numbers)
      .default([1, 10, 50, 200], '1,10,50,200'),
  )
  .addOption(
    new Option('--ways <LIST>', 'of embedded, distributed')
      .argParser(listOf(WAYS))
      .default(WAYS, 'both'),
  )
  .addOption(
    new Option(
      '--tracing <LIST>',
      'of on, off; with both, it is off only with 10 connections, or the first number given',
    )
      .argParser(listOf(TRACINGS))
      .default(TRACINGS, 'both'),
  )
  .option('--every-cell', 'tracing off with all numbers of connections, too')
  .option('--rounds <N>', 'each measures all shops, one after the other', whole(1, 100), 3)
  .option(
    '--within <MINUTES>',
    'begins no further round that would probably end later',
    whole(1, 10_000),
    15,
  )
  .option('--seconds <N>', 'for each journey, after half as long a warm-up', whole(1, 600), 1)
  .option('--growth', 'also measures how costs grow with lines, orders, socks and shoppers')
  .option('--quick', 'one round of catalogue, home and order with 10 connections, tracing on')
  .addOption(new Option('--json <FILE>', 'writes the result to this file').argParser(path))
  .addOption(
    new Option(
      '--markdown <FILE>',
      'writes the result as a page, such as docs/performance.md',
    ).argParser(path),
  )
  .addOption(
    new Option('--from <FILE>', 'measures nothing and takes the result from this file')
      .argParser(path)
      .conflicts(['quick', 'growth', 'json', 'everyCell']),
  );

type Given = ReturnType<typeof BENCH.opts>;

export interface BenchOptions extends Omit<Given, 'quick' | 'growth' | 'everyCell'> {
  readonly journeys: readonly JourneyName[];
  readonly growth: boolean;
  readonly everyCell: boolean;
}

/** What `--quick` stands for, unless the command line says otherwise. */
const QUICK = {
  journeys: ['catalogue', 'home', 'order'],
  connections: [10],
  tracing: ['on'],
  rounds: 1,
} as const;

/** What the command line says. */
export function benchOptions({ quick, growth, everyCell, ...given }: Given): BenchOptions {
  const all = { ...given, growth: growth === true, everyCell: everyCell === true };
  if (!quick) return all;
  const unlessGiven = <Name extends keyof typeof QUICK>(name: Name) =>
    BENCH.getOptionValueSource(name) === 'default' ? { [name]: QUICK[name] } : {};
  return {
    ...all,
    ...unlessGiven('journeys'),
    ...unlessGiven('connections'),
    ...unlessGiven('tracing'),
    ...unlessGiven('rounds'),
  };
}

/** Words of a list, each once. */
function listOf<T extends string>(known: readonly T[]): (text: string) => readonly T[] {
  return (text) => {
    const words = [...new Set(text.split(','))];
    return words.map((word) => {
      const found = known.find((each) => each === word);
      if (found !== undefined) return found;
      throw new InvalidArgumentError(`Give some of ${known.join(', ')}.`);
    });
  };
}

function numbers(text: string): number[] {
  const one = whole(1, 1000);
  return [...new Set(text.split(',').map((word) => one(word)))];
}
