import { command, Option, path, whole } from '@sockshop/cli';

const WEEK_MINUTES = 7 * 24 * 60;

export const SOAK = command('npm run soak --')
  .description(
    `Lets shoppers order for a long time, watches every process of the shop, and names what leaks, with its size.
Exits with 1 for a leak, and for a process that ended.`,
  )
  .option('--minutes <N>', 'how long, the warm-up included', whole(1, WEEK_MINUTES), 30)
  .addOption(
    new Option('--way <WAY>', 'how the shop runs')
      .choices(['distributed', 'embedded'] as const)
      .default('distributed' as const),
  )
  .option('--shoppers <N>', 'how many shop at once', whole(1, 100_000), 20)
  .option('--every <SECONDS>', 'between two looks at the processes', whole(1, 3600), 5)
  .option(
    '--warm-up <PERCENT>',
    'of the time that is not looked at: code is compiled and pools and caches fill',
    whole(0, 90),
    33,
  )
  .option(
    '--least <MIB>',
    'a leak is memory that grows by more than this an hour',
    whole(1, 1_000_000),
    8,
  )
  .option(
    '--running <DIR>',
    'watches the shop that runs in this folder (the --dir or --data of its start) in place of one of its own, which it would start on free ports with fresh data',
    path,
  )
  .option('--json <FILE>', 'writes everything that was seen there', path);

export type SoakOptions = ReturnType<typeof SOAK.opts>;
