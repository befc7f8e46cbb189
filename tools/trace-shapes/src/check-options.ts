import { command, Option, path, text, whole } from '@sockshop/cli';
import { OUTAGES } from './outages.ts';
import { JOURNEYS } from './journeys.ts';

export const JOURNEY_NAMES: readonly string[] = [...JOURNEYS.map(({ name }) => name), ...OUTAGES];

export const CHECK = command('npm run trace:check --')
  .description(
    `Does each journey of a shopper, and compares the shape of its traces with the golden files in tools/trace-shapes/golden.
It starts a shop of its own, unless --url names one. Says in words what differs, and exits with 1.`,
  )
  .addOption(
    new Option('--way <WAY>', 'how the shop of its own runs')
      .choices(['embedded', 'distributed'] as const)
      .default('embedded' as const),
  )
  .option(
    '--url <URL>',
    'a running shop, in whichever way; journeys with an outage are left out',
    text,
  )
  .option('--zipkin <URL>', 'where the traces of that shop are', text)
  .option('--journeys <NAMES>', `only these: ${JOURNEY_NAMES.join(',')}`, text)
  .option('--times <N>', 'how often each journey is done', whole(1, 10_000), 1)
  .option('--record <FILE>', 'writes the traces there, for npm run trace:diff', path)
  .option('--update', 'writes the golden files in place of comparing');

export type CheckOptions = ReturnType<typeof CHECK.opts>;
