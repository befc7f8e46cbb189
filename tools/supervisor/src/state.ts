import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, makePrivateFolder } from './private-files.ts';
import type { ProcessId } from './processes.ts';

/** In one process, or each service and server in its own. */
export type WayName = 'embedded' | 'distributed';

/** A process of ours, or a server that was given by URL. */
export interface Part {
  readonly name: string;
  readonly kind: 'service' | 'server' | 'helper';
  /** Of a service: which one, where the name is that of a further instance, and in which version. */
  service?: string;
  version?: string;
  /** Absent while it does not run, where it is not ours, and in the embedded way, whose one process is the launcher. */
  process?: ProcessId | undefined;
  port?: number;
  /** Of the router: its statistics, where services call each other, and a door to each service. */
  ports?: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
  /** Without the password of a server that is not ours. */
  url?: string;
  /** Where the figures of a server are, as Prometheus' text; those of a service are at `/metrics`. */
  metricsUrl?: string;
  /** How often it had to be started again. */
  restarts?: number;
  /** It runs in place of the server that it is named for. */
  standIn?: boolean;
}

/** What `stop` and `status` read: the file is there from the first process to the last. */
export interface State {
  readonly way: WayName;
  readonly launcher: ProcessId;
  readonly startedAt: string;
  /** Where a person opens the shop. Empty while that is not known; where no shop runs, what does, such as {@link AT_WORK}. */
  url: string;
  /** The folder of the logs, or the one log. */
  readonly logs: string;
  readonly parts: Part[];
}

/** In place of the shop's address while only its stores are used. */
export const AT_WORK = 'a backup or a restore is at work';

/** The name in the folder. */
export const STATE_FILE = 'state.json';

export function stateFile(dir: string): string {
  return join(dir, STATE_FILE);
}

/** Never half a file, whenever it is read. */
export function writeState(dir: string, state: State): void {
  const file = stateFile(dir);
  makePrivateFolder(dir);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Undefined where there is none, and where the file is not a shop's. */
export function readState(dir: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile(dir), 'utf8');
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(codeOf(error))) throw error; // there may be one: its shop must not seem stopped
    return undefined;
  }
  return parsed(text);
}

export function removeState(dir: string): void {
  rmSync(stateFile(dir), { force: true });
}

function parsed(text: string): State | undefined {
  let state: Partial<State> | null;
  try {
    state = JSON.parse(text) as Partial<State> | null; // checked below
  } catch {
    return undefined;
  }
  const { launcher, parts, url, way = 'distributed' } = state ?? {}; // older versions had one way here
  const ours = typeof launcher?.pid === 'number' && typeof url === 'string' && Array.isArray(parts);
  return ours ? ({ ...state, way } as State) : undefined;
}
