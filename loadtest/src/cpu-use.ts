import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Of `proc(5)`'s clock ticks: the kernel shows them to programs at this rate on every architecture that Node runs on. */
const tickMs = 10;
/** A process with one busy thread, as Node's are, can do no more. */
const busyShare = 0.85;
/** So much of all processors, and everyone waits for one. */
const busyMachine = 0.9;

/** CPU that was used between two moments, in shares of one processor. */
export interface Use {
  /** Greatest first. */
  readonly processes: readonly { readonly name: string; readonly share: number }[];
  /** Of all processors, 0 to 1. */
  readonly machine: number;
  readonly processors: number;
}

interface Moment {
  readonly at: number;
  readonly used: ReadonlyMap<string, number>;
  readonly idleMs: number;
}

/** CPU time by name, with that of the processes that each has started. Linux only: undefined elsewhere. */
export class CpuUse {
  private readonly begin: Moment;

  private constructor(private readonly roots: ReadonlyMap<number, string>) {
    this.begin = momentOf(roots);
  }

  static start(roots: ReadonlyMap<number, string>): CpuUse | undefined {
    return process.platform === 'linux' && roots.size > 0 ? new CpuUse(roots) : undefined;
  }

  use(): Use {
    const { at, used, idleMs } = momentOf(this.roots);
    const ms = Math.max(at - this.begin.at, 1);
    const processors = availableParallelism();
    const processes = [...used].map(([name, now]) => {
      return { name, share: Math.max(now - (this.begin.used.get(name) ?? 0), 0) / ms };
    });
    processes.sort((a, b) => b.share - a.share);
    const machine = Math.max(1 - (idleMs - this.begin.idleMs) / (ms * processors), 0);
    return { processes, machine, processors };
  }
}

/** For people: what was at its end. */
export function saturated(use: Use | undefined): string {
  if (!use) return 'unknown: no state.json names processes of this shop on this machine (--dir)';
  const { processes, machine, processors } = use;
  const full = processes.filter(({ share }) => share >= busyShare);
  const most = processes.filter(({ share }, index) => index === 0 || share >= 0.05).slice(0, 3);
  const named = (list: Use['processes']) =>
    list.map(({ name, share }) => `${name} (${percent(share)} of a processor)`).join(', ');
  if (full.length > 0) return named(full);
  if (machine >= busyMachine)
    return `all ${processors} processors of this machine (${percent(machine)}), most of all ${named(most)}`;
  return `unknown: no process was busy all the time; most of all ${named(most)}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function momentOf(roots: ReadonlyMap<number, string>): Moment {
  const entries = new Map<number, { parent: number; group: number; ms: number }>();
  for (const pid of readdirSync('/proc')) {
    const text = /^\d+$/.test(pid) ? read(`/proc/${pid}/stat`) : '';
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name, before it, may hold anything
    if (fields.length < 14) continue;
    const ms = (Number(fields[11]) + Number(fields[12])) * tickMs;
    entries.set(Number(pid), { parent: Number(fields[1]), group: Number(fields[2]), ms });
  }
  const used = new Map([...roots.values()].map((name) => [name, 0]));
  for (const [pid, { ms }] of entries) {
    let name: string | undefined;
    for (let at: number | undefined = pid; at !== undefined && name === undefined;) {
      const entry = entries.get(at);
      name = roots.get(at) ?? roots.get(entry?.group ?? 0);
      at = entry?.parent;
    }
    if (name !== undefined) used.set(name, (used.get(name) ?? 0) + ms);
  }
  // user, nice, system, idle, iowait
  const [, , , idle = 0, waiting = 0] = (/^cpu +(.*)$/m.exec(read('/proc/stat'))?.[1] ?? '')
    .split(' ')
    .map(Number);
  return { at: performance.now(), used, idleMs: (idle + waiting) * tickMs };
}

/** '' for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
