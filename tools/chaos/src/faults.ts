import { Random } from '@sockshop/loadtest';
import { SERVICE_NAMES } from '@sockshop/parts';

/** Everything that can be killed: the services, then the servers, by their names in state.json. */
export const FAULT_NAMES: readonly string[] = [
  ...SERVICE_NAMES,
  'mariadb',
  'mongodb',
  'rabbitmq',
  'zipkin',
  'edge-router',
];

/** `kill` is SIGKILL, `pause` SIGSTOP for a while: the connections stay, without an answer. */
export interface Fault {
  readonly action: 'kill' | 'pause';
  /** Hit at the same moment. */
  readonly parts: readonly string[];
}

/** Pairs that hurt most when they fail together: a writer and what it writes to. */
const HARD_PAIRS = [
  ['orders', 'mongodb'],
  ['orders', 'rabbitmq'],
  ['queue-master', 'rabbitmq'],
] as const;

/** `kill:orders+rabbitmq` */
export function nameOf({ action, parts }: Fault): string {
  return `${action}:${parts.join('+')}`;
}

/** Undefined where it is no fault's name. */
export function faultOf(name: string): Fault | undefined {
  const [, action, list = ''] = /^(kill|pause):(.+)$/.exec(name) ?? [];
  const parts = list.split('+');
  const known = parts.every((part) => FAULT_NAMES.includes(part));
  if (!known || new Set(parts).size < parts.length) return undefined;
  return { action: action === 'kill' ? 'kill' : 'pause', parts };
}

/** Each part killed, each paused, each killed together with another one, and the hard pairs: shuffled by the seed. */
export function fullSchedule(seed: number): Fault[] {
  const random = new Random(seed);
  const drawn = shuffled(random, FAULT_NAMES);
  const half = Math.ceil(drawn.length / 2);
  const partner = (index: number): string[] =>
    drawn.slice((half + index) % drawn.length).slice(0, 1);
  const pairs = drawn.slice(0, half).map((part, index) => [part, ...partner(index)]);
  const faults = [
    ...FAULT_NAMES.map((part): Fault => ({ action: 'kill', parts: [part] })),
    ...FAULT_NAMES.map((part): Fault => ({ action: 'pause', parts: [part] })),
    ...[...pairs, ...HARD_PAIRS].map((parts): Fault => ({ action: 'kill', parts })),
  ];
  return shuffled(random, faults);
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return random.pickSome(list, list.length);
}
