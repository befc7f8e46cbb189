import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process id alone does not say: which process it was. */
export interface ProcessId {
  readonly pid: number;
  readonly start: string;
}

export function processOf(pid: number): ProcessId | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether it is still that very process. */
export function runs(process: ProcessId | undefined): process is ProcessId {
  return process !== undefined && startOf(process.pid) === process.start;
}

/**
 * When the process started, in units of the system's own; undefined where there is no such process, or only the entry of one whose end
 * has not been read yet. A process id comes back; with its start it names one process.
 */
function startOf(pid: number): string | undefined {
  if (process.platform === 'win32') return startByPowershell(pid);
  if (process.platform !== 'linux') return startByPs(pid);
  const stat = statOf(pid);
  return stat === undefined || stat.state === 'Z' ? undefined : stat.start;
}

function startByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { stdio: 'pipe' });
    const [, state = 'Z', start] = /^\s*(\S+)\s+(.+?)\s*$/.exec(text.toString()) ?? [];
    return state.startsWith('Z') ? undefined : start;
  } catch {
    return undefined; // ps fails where there is no such process
  }
}

function startByPowershell(pid: number): string | undefined {
  try {
    const ask = ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`];
    const text = execFileSync('powershell', ask, { stdio: 'pipe' }).toString().trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined; // it fails where there is no such process
  }
}

/** Of proc(5)'s stat: state (3rd field), process group (5th), start in clock ticks after the boot (22nd). */
function statOf(pid: number): { state: string; group: number; start: string } | undefined {
  const stat = readProc(`${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the 2nd, the name, may hold anything
  return { state: fields[0] ?? '', group: Number(fields[2]), start: fields[19] ?? '' };
}

/** In KiB. */
export interface Memory {
  /** Resident, pages shared with others counted in full. */
  readonly rss: number;
  /** Resident, each shared page divided among those who share it: the sum over processes is what they take together. */
  readonly pss: number;
}

/** Of each process with its group where it leads one; only where there is /proc. */
export function memoryOf(pids: readonly number[]): Map<number, Memory> {
  const memory = new Map<number, Memory>();
  if (process.platform !== 'linux') return memory;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const pid = [Number(entry), statOf(Number(entry))?.group].find(
      (each) => each !== undefined && pids.includes(each),
    );
    if (pid === undefined) continue;
    const { rss, pss } = memory.get(pid) ?? { rss: 0, pss: 0 };
    const rollup = readProc(`${entry}/smaps_rollup`) ?? '';
    memory.set(pid, { rss: rss + kibOf(rollup, 'Rss'), pss: pss + kibOf(rollup, 'Pss') });
  }
  return memory;
}

function kibOf(rollup: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1] ?? 0);
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined; // it ended
  }
}
