import { command, text } from '@sockshop/cli';

export const PROFILES = [
  'canary',
  'load',
  'observability',
  'zipkin-mysql',
  'logs',
  'collector',
] as const;
export type Profile = (typeof PROFILES)[number];

export const CONTAINERS = command('npm run test:containers --')
  .description(
    `Builds all images, brings deploy/compose up on a real engine (DOCKER_HOST, or the usual one), shops, kills, restarts, updates, scales, loads and
takes it down again, and does the same with each profile. Prints a table, and exits with 1 if anything was not as promised, or where no engine is found.`,
  )
  .option(
    '--stand-ins',
    'for root on a Debian-like machine without engine or registry: starts an engine of its own and makes stand-ins for the images',
  )
  .option(
    '--only <STEPS>',
    'only steps with one of these words in their names, such as kill,logs',
    text,
  )
  .option(
    '--keep-images',
    'takes the images of the shop that are there, and builds only missing ones',
  );

export type ContainersOptions = ReturnType<typeof CONTAINERS.opts>;
