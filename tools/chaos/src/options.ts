import { command, InvalidArgumentError, Option, path, whole } from '@sockshop/cli';
import { join } from 'node:path';
import { type Fault, FAULT_NAMES, faultOf, fullSchedule } from './faults.ts';

/** The workspace's folder. */
export const ROOT = join(import.meta.dirname, '../../..');

const MOST = 999_999_999;

export const CHAOS = command('npm run chaos --')
  .description(
    `Starts a distributed shop of its own on free ports, lets shoppers order without end, kills and pauses its parts,
and compares the stores with what the shoppers got. Exits with 1 on any loss.`,
  )
  .option(
    '--orders <N>',
    'acknowledged orders at least, spread over the faults, never fewer than 20 each',
    whole(1, MOST),
    500,
  )
  .option('--shoppers <N>', 'how many shop at once', whole(1, MOST), 20)
  .option(
    '--seed <N>',
    'repeats an earlier schedule and the choices of its shoppers (default: by chance)',
    whole(0, MOST),
  )
  .option(
    '--faults <LIST>',
    'only these, in this order, such as kill:orders,kill:orders+rabbitmq,pause:carts (default: every part killed, every part paused for 10 s, and pairs killed, in an order by the seed)',
    faultsOf,
  )
  .addOption(
    new Option(
      '--plant <WHAT>',
      "deletes one acknowledged order behind the shop's back: the run must fail",
    ).choices(['loss']),
  )
  .addOption(
    new Option(
      '--dir <DIR>',
      "data, logs and the shoppers' journal; what an earlier run left there is deleted at the start, and a folder with anything else in it is refused",
    )
      .argParser(path)
      .default(join(ROOT, '.sockshop', 'chaos'), '.sockshop/chaos'),
  )
  .addHelpText('after', `\nParts: ${FAULT_NAMES.join(', ')}`);

type Given = ReturnType<typeof CHAOS.opts>;

export interface ChaosOptions extends Omit<Given, 'seed' | 'faults' | 'plant'> {
  readonly seed: number;
  /** In the order in which they are injected. */
  readonly faults: readonly Fault[];
  /** Deletes an acknowledged order before the reconciliation, which must then fail. */
  readonly plantLoss: boolean;
}

/** What the command line says, with a seed and a schedule where it names none. */
export function chaosOptions(values: Given): ChaosOptions {
  const { seed = Math.floor(Math.random() * MOST), faults = fullSchedule(seed), plant } = values;
  return { ...values, seed, faults, plantLoss: plant === 'loss' };
}

function faultsOf(list: string): Fault[] {
  return list.split(',').map((text) => {
    const fault = faultOf(text);
    if (fault) return fault;
    throw new InvalidArgumentError(
      'Give faults like kill:orders, kill:orders+rabbitmq or pause:carts.',
    );
  });
}
