import { Argument, command, path, whole } from '@sockshop/cli';

export const DIFF = command('npm run trace:diff --')
  .description(
    `Says what changed between two recorded runs: spans and edges that are new, missing or have another parent, other outcomes, and shifts of
latency. Each file has spans in Zipkin's v2 JSON or OTLP's JSON; npm run trace:check -- --record FILE writes one. Exits with 1 when
something changed, and with 2 when a file cannot be read.`,
  )
  .addArgument(new Argument('<before>', 'the file of the first run').argParser(path))
  .addArgument(new Argument('<after>', 'the file of the second one').argParser(path))
  .option(
    '--least-shift <PERCENT>',
    'a shift of the median latency counts from here',
    whole(1, 10_000),
    25,
  )
  .option('--json', 'prints the differences as JSON');

export type DiffOptions = ReturnType<typeof DIFF.opts>;
