import type { Limits } from '@sockshop/mesh';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cpus } from 'node:os';

const CGROUPS = '/sys/fs/cgroup';
/** Of a quota of processor time, in µs. */
const PERIOD_US = 100_000;
const MIB = 1024 * 1024;

/** What a limit needs: a controller of control groups, version 1 or 2. */
type Controller = 'memory' | 'cpu';

/**
 * Node's flags with the size of the heap: half of the memory, as V8 itself does where a container has a limit. The rest is Node's code,
 * buffers and the young generation.
 */
export function limitNode(flags: readonly string[], { memoryMiB }: Limits): string[] {
  if (memoryMiB === undefined) return [...flags];
  return [...flags, `--max-old-space-size=${Math.floor(memoryMiB / 2)}`];
}

/** A name for what a shop of this folder has on the machine. */
export function groupOf(dir: string): string {
  return `sock-shop-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}`;
}

/** Why no process and no container here can have so much processor time; undefined where it can. */
export function processorsProblem({ cpu = 0 }: Limits): string | undefined {
  const { length } = cpus();
  return cpu > length ? `this machine has ${length} processors, not ${cpu}` : undefined;
}

/** Groups of processes with limits of memory and processor time, which Linux grants to root, or to the owner of a delegated group. */
export class ProcessLimits {
  /** Shops of different folders keep apart. */
  private readonly group: string;

  constructor(dir: string) {
    this.group = groupOf(dir);
  }

  /** Undefined where the limits can be kept. Memory always can, by the heap; then Linux does not end the process for what is outside it. */
  problem({ cpu }: Limits): string | undefined {
    if (cpu === undefined) return undefined;
    const problem = problemOf('cpu');
    return problem && `processor time cannot be limited here: ${problem}`;
  }

  /** Puts a new process into its own group. What it starts later is in the group, too. */
  apply(name: string, pid: number, limits: Limits): void {
    const { memoryMiB, cpu } = limits;
    if (cpu !== undefined) this.put('cpu', name, pid, cpuFiles(cpu));
    if (memoryMiB !== undefined && problemOf('memory') === undefined)
      this.put('memory', name, pid, memoryFiles(memoryMiB));
  }

  /** Once its processes have ended. Without a name: of all instances. */
  forget(name?: string): void {
    for (const controller of ['memory', 'cpu'] as const) {
      const group = this.path(controller);
      const names = name === undefined ? foldersIn(group) : [name];
      for (const path of [...names.map((each) => join(group, each)), group]) {
        try {
          rmdirSync(path);
        } catch {
          // It never was, others are in it, or its last process is still going: an empty group costs nothing.
        }
      }
    }
  }

  private put(
    controller: Controller,
    name: string,
    pid: number,
    files: Readonly<Record<string, string>>,
  ): void {
    const path = this.path(controller, name);
    mkdirSync(path, { recursive: true });
    if (isUnified()) delegate(this.path(controller), controller);
    for (const [file, value] of Object.entries(files)) writeFileSync(join(path, file), value);
    try {
      writeFileSync(join(path, 'cgroup.procs'), String(pid));
    } catch (error) {
      if (existsSync(`/proc/${pid}`)) throw error; // else it has ended already
    }
  }

  private path(controller: Controller, name = ''): string {
    return join(rootOf(controller), this.group, name);
  }
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function isUnified(): boolean {
  return existsSync(join(CGROUPS, 'cgroup.controllers'));
}

function rootOf(controller: Controller): string {
  return isUnified() ? CGROUPS : join(CGROUPS, controller);
}

/** Version 2: a group's children may use what the group hands down. */
function delegate(parent: string, controller: Controller): void {
  for (const path of [CGROUPS, parent]) {
    const file = join(path, 'cgroup.subtree_control');
    if (!readFileSync(file, 'utf8').split(/\s+/).includes(controller))
      writeFileSync(file, `+${controller}`);
  }
}

function problemOf(controller: Controller): string | undefined {
  const root = rootOf(controller);
  if (process.platform !== 'linux' || !existsSync(root))
    return `this system has no control group for it (${root})`;
  if (isUnified()) {
    const known = readFileSync(join(root, 'cgroup.controllers'), 'utf8').split(/\s+/);
    if (!known.includes(controller)) return `${root} has no controller ${controller}`;
  }
  try {
    accessSync(root, constants.W_OK);
    return undefined;
  } catch {
    return `you may not write to ${root}; root may`;
  }
}

function cpuFiles(cpu: number): Record<string, string> {
  const quota = Math.round(cpu * PERIOD_US);
  if (isUnified()) return { 'cpu.max': `${quota} ${PERIOD_US}` };
  return { 'cpu.cfs_period_us': String(PERIOD_US), 'cpu.cfs_quota_us': String(quota) };
}

function memoryFiles(memoryMiB: number): Record<string, string> {
  const bytes = String(memoryMiB * MIB);
  return isUnified() ? { 'memory.max': bytes } : { 'memory.limit_in_bytes': bytes };
}
