import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { runs } from './processes.ts';
import { readState, type State } from './state.ts';

/** Who listens on a port. */
export interface Holder {
  readonly pid: number;
  /** Its program; of Node its script too. */
  readonly program: string;
  /** The shop it belongs to, and that shop's folder. */
  readonly shop?: { readonly state: State; readonly dir: string };
  /** Whether it is run from this workspace. */
  readonly ours: boolean;
}

/** The workspace's folder. */
const ROOT = join(import.meta.dirname, '../../..');
/** The state of `hexadecimal address:port` in /proc/net/tcp. */
const LISTENING = '0A';
/** A server's log is so deep in the shop's folder: `distributed/mariadb/mariadb.log`. */
const DEPTH = 3;

/** Undefined where the system does not say. `dirs`: folders in which shops may run; others are found by the files that they have open. */
export function holderOf(port: number, dirs: readonly string[]): Holder | undefined {
  const pid = process.platform === 'linux' ? listenerOn(port) : undefined;
  for (const dir of dirs) {
    const state = stateIn(dir);
    if (!state || !runs(state.launcher)) continue;
    const part = state.parts.find((each) => each.port === port && each.kind !== 'helper');
    const own = part?.process ?? (part && state.way === 'embedded' ? state.launcher : undefined);
    if (own !== undefined && runs(own) && (pid ?? own.pid) === own.pid)
      return { ...described(own.pid), shop: { state, dir } };
  }
  return pid === undefined ? undefined : { ...described(pid), ...shopOf(pid) };
}

function listenerOn(port: number): number | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = ['tcp', 'tcp6'].flatMap((table) =>
    lines(`/proc/net/${table}`)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => local.endsWith(`:${hex}`) && state === LISTENING)
      .map((fields) => `socket:[${fields[9] ?? ''}]`),
  );
  if (sockets.length === 0) return undefined;
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const pid = pids.find((each) => openFiles(each).some((file) => sockets.includes(file)));
  return pid === undefined ? undefined : Number(pid);
}

function described(pid: number): Pick<Holder, 'pid' | 'program' | 'ours'> {
  const [command = '', ...args] = (lines(`/proc/${pid}/cmdline`)[0] ?? '').split('\0');
  const program = basename(command) || 'a program';
  const script = program.startsWith('node') ? scriptOf(pid, args) : undefined;
  const path = relative(ROOT, script ?? '/');
  const ours = script !== undefined && !/^(\.\.|node_modules)\//.test(path);
  const shown = ours ? path : basename(script ?? '');
  return { pid, program: printable(`${program} ${shown}`.trim()), ours };
}

/** The first argument that is a file: others are options, their values, or code. */
function scriptOf(pid: number, args: readonly string[]): string | undefined {
  const cwd = link(`/proc/${pid}/cwd`) ?? '/';
  return args
    .filter((arg) => arg !== '' && !arg.startsWith('-'))
    .map((arg) => resolve(cwd, arg))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** The shop whose log the process writes. */
function shopOf(pid: number): Pick<Holder, 'shop'> {
  for (const file of openFiles(String(pid))) {
    let dir = file;
    for (let depth = 0; depth < DEPTH && dir.startsWith('/'); depth++) {
      dir = dirname(dir);
      const state = stateWith(pid, dir);
      if (state) return { shop: { state, dir } };
    }
  }
  return {};
}

function stateWith(pid: number, dir: string): State | undefined {
  const state = stateIn(dir);
  const all = [state?.launcher, ...(state?.parts ?? []).map((part) => part.process)];
  return all.some((each) => each?.pid === pid && runs(each)) ? state : undefined;
}

function stateIn(dir: string): State | undefined {
  try {
    return readState(dir);
  } catch {
    return undefined; // another user's
  }
}

/** What the descriptors of a process are; none where it is another user's, or has ended. */
function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => link(`/proc/${pid}/fd/${fd}`) ?? []);
  } catch {
    return [];
  }
}

/** Undefined for what is another user's, or has ended. */
function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Another program's name is not ours to trust. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
