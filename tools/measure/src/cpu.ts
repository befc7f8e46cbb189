import { CommandError } from '@sockshop/cli';
import { readdirSync, readFileSync } from 'node:fs';

/** Of `proc(5)`'s clock ticks: the kernel shows them to programs at this rate on every architecture that Node runs on. */
const TICK_MS = 10;

/** How far user and system ticks, each rounded down, may be behind. */
const ROUNDING_MS = 2 * TICK_MS;

/** What the threads of each process that have ended had used, when that was last seen. */
const ended = new Map<string, number>();

interface Entry {
  /** In ticks after the boot: with the process id it names one process. */
  readonly start: string;
  readonly parent: number;
  readonly group: number;
  /** Of all its threads and of the children it has waited for, in whole ticks. */
  readonly ms: number;
  /** Of its waited-for children alone. */
  readonly childrenMs: number;
}

/**
 * CPU time in ms, user and system, that each of these processes has used since it began, with the processes it started. A process
 * belongs to the named one that leads its group, else to the nearest one above it.
 * @throws CommandError where there is no /proc
 */
export function cpuOf(roots: ReadonlyMap<string, number>): Map<string, number> {
  const entries = allProcesses();
  const names = new Map([...roots].map(([name, pid]) => [pid, name]));
  const used = new Map([...roots.keys()].map((name) => [name, 0]));
  for (const [pid, entry] of entries) {
    const name = ownerOf(pid, entries, names);
    if (name !== undefined) used.set(name, (used.get(name) ?? 0) + msOf(pid, entry));
  }
  return used;
}

function ownerOf(
  pid: number,
  entries: ReadonlyMap<number, Entry>,
  names: ReadonlyMap<number, string>,
): string | undefined {
  for (let at: number | undefined = pid; at !== undefined; at = entries.get(at)?.parent) {
    const name: string | undefined = names.get(at) ?? names.get(entries.get(at)?.group ?? 0);
    if (name !== undefined) return name;
  }
  return undefined;
}

function allProcesses(): Map<number, Entry> {
  if (process.platform !== 'linux')
    throw new CommandError('Measuring needs Linux: it reads the CPU time of processes from /proc.');
  const entries = new Map<number, Entry>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat === undefined) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name, before it, may hold anything
    const ticks = (from: number): number =>
      (Number(fields[from]) + Number(fields[from + 1])) * TICK_MS;
    const childrenMs = ticks(13);
    entries.set(Number(name), {
      start: fields[19] ?? '',
      parent: Number(fields[1]),
      group: Number(fields[2]),
      ms: ticks(11) + childrenMs,
      childrenMs,
    });
  }
  return entries;
}

/**
 * The scheduler counts each thread in nanoseconds but forgets one that has ended. The process's own ticks keep those but are rounded
 * down: what they have more than the threads is kept as it is until it has clearly grown, so that it does not blur the difference of two
 * readings.
 */
function msOf(pid: number, { start, ms, childrenMs }: Entry): number {
  let threadsNs = 0;
  for (const thread of threadsOf(pid)) {
    const [running = '0'] = (read(`/proc/${pid}/task/${thread}/schedstat`) ?? '').split(' ');
    threadsNs += Number(running);
  }
  const running = threadsNs / 1e6 + childrenMs;
  const key = `${pid} ${start}`;
  const known = ended.get(key) ?? 0;
  if (ms - running <= known + ROUNDING_MS) return running + known;
  ended.set(key, ms - running);
  return ms;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it ended
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it ended
  }
}
