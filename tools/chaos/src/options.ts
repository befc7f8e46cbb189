import { UsageError } from '@sockshop/cli';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Fault, FAULT_NAMES, faultOf, fullSchedule } from './faults.ts';

export interface ChaosOptions {
  /** Orders to be acknowledged at least, spread evenly over the faults; each gets 20 or more. */
  readonly orders: number;
  readonly shoppers: number;
  readonly seed: number;
  /** In the order in which they are injected. */
  readonly faults: readonly Fault[];
  /** Deletes an acknowledged order before the reconciliation, which must then fail. */
  readonly plantLoss: boolean;
  /** Absolute path; emptied at the start. */
  readonly dir: string;
}

export const USAGE = `npm run chaos -- [options]

Starts a distributed shop of its own on free ports, lets shoppers order without end, kills and pauses its parts, and
holds what the stores have then against what the shoppers were told. Exits with 1 on any loss.

  --orders N      acknowledged orders at least, spread over the faults, never fewer than 20 each (500)
  --shoppers N    how many shop at once (20)
  --seed N        repeats an earlier schedule and the choices of its shoppers (by chance)
  --faults LIST   only these, in this order, such as kill:orders,kill:orders+rabbitmq,pause:carts
                  (every part killed, every part paused for 10 s, and pairs killed; in an order by the seed)
  --plant loss    deletes one acknowledged order behind the shop's back: the run must fail
  --dir DIR       data, logs and the shoppers' journal; emptied at the start (.sockshop/chaos)
  --help          this text

Parts: ${FAULT_NAMES.join(', ')}
`;

/** Undefined when only the usage is asked for. `root` is the workspace's folder. @throws UsageError */
export function parseChaosOptions(argv: readonly string[], root: string): ChaosOptions | undefined {
  const values = parsed(argv);
  if (values.help) return undefined;
  const seed = whole('seed', values.seed, 0, Math.floor(Math.random() * 2 ** 31));
  if (values.plant !== undefined && values.plant !== 'loss')
    throw new UsageError(`--plant: only a loss can be planted: ${values.plant}`);
  return {
    orders: whole('orders', values.orders, 1, 500),
    shoppers: whole('shoppers', values.shoppers, 1, 20),
    seed,
    faults: values.faults?.split(',').map(fault) ?? fullSchedule(seed),
    plantLoss: values.plant === 'loss',
    dir: resolve(values.dir ?? join(root, '.sockshop', 'chaos')),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        orders: { type: 'string' },
        shoppers: { type: 'string' },
        seed: { type: 'string' },
        faults: { type: 'string' },
        plant: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function whole(name: string, text: string | undefined, least: number, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least) return value;
  throw new UsageError(`--${name}: not a whole number from ${least}: ${text}`);
}

function fault(text: string): Fault {
  const known = faultOf(text);
  if (known) return known;
  throw new UsageError(
    `--faults: not like kill:orders, kill:orders+rabbitmq or pause:carts: ${text}`,
  );
}
