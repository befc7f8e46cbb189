import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessId } from './processes.ts';

/** A process of ours, or a server that was given by URL. */
export interface Part {
  readonly name: string;
  readonly kind: 'service' | 'server' | 'helper';
  /** Absent while it does not run, and where it is not ours. */
  process?: ProcessId | undefined;
  port?: number;
  /** Without the password of a server that is not ours. */
  url?: string;
  /** How often it had to be started again. */
  restarts?: number;
  /** It runs in place of the server that it is named for. */
  standIn?: boolean;
}

/** What `stop` and `status` read: the file is there from the first process to the last. */
export interface State {
  readonly launcher: ProcessId;
  readonly startedAt: string;
  /** Where a person opens the shop. */
  readonly url: string;
  readonly logs: string;
  readonly parts: Part[];
}

export function stateFile(dir: string): string {
  return join(dir, 'state.json');
}

/** Never half a file, whenever it is read. */
export function writeState(dir: string, state: State): void {
  const file = stateFile(dir);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export function readState(dir: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile(dir), 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(text) as State; // written by writeState
}

export function removeState(dir: string): void {
  rmSync(stateFile(dir), { force: true });
}
