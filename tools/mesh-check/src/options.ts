import { command, InvalidArgumentError } from '@sockshop/cli';
import { join } from 'node:path';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

/** In this order. */
export const PARTS = ['canary', 'auto', 'ab', 'limit', 'outlier', 'rolling'] as const;
/** What needs a Docker engine must be asked for. */
const ALL_PARTS = [...PARTS, 'image'] as const;
export type PartName = (typeof ALL_PARTS)[number];

export const CHECK = command('npm run mesh:check --')
  .description(
    `Starts a distributed shop of its own on free ports, uses the commands of npm run mesh under load,
and counts what shoppers notice. Exits with 1 where a figure is not what it must be.`,
  )
  .option('--quick', 'a few hundred requests for each part instead of thousands')
  .option(
    '--only <LIST>',
    `only these parts, of ${PARTS.join(', ')}; or image, which needs a Docker engine`,
    partsOf,
  );

function partsOf(list: string): PartName[] {
  return list.split(',').map((name) => {
    const part = ALL_PARTS.find((each) => each === name);
    if (part) return part;
    throw new InvalidArgumentError(`Give parts of ${ALL_PARTS.join(', ')}, separated by commas.`);
  });
}
