import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessId, runs } from './processes.ts';
import type { Part } from './state.ts';

/** A service drains its requests for 3 s and gives up after 5 s by itself; a broker takes its time to write its queues. */
const GRACE_MS = { service: 8000, server: 30_000, helper: 5000 };
/** In the order in which they end. */
const KINDS: readonly Part['kind'][] = ['service', 'server', 'helper'];

/**
 * Ends the processes that still run and returns their number. The services of each group in `callersFirst` end before the next group,
 * then the other services, then the servers. RabbitMQ's port mapper ends last.
 */
export async function endProcesses(
  parts: readonly Part[],
  callersFirst: readonly (readonly string[])[] = [],
): Promise<number> {
  const turnOf = ({ kind, name, service = name }: Part): number => {
    const group = callersFirst.findIndex((names) => names.includes(service));
    return group === -1 ? callersFirst.length + KINDS.indexOf(kind) : group;
  };
  let ended = 0;
  for (let turn = 0; turn < callersFirst.length + KINDS.length; turn++) {
    const now = parts.filter((part) => turnOf(part) === turn && runs(part.process));
    await Promise.all(now.map(({ kind, process }) => endProcess(process, GRACE_MS[kind])));
    ended += now.length;
  }
  return ended;
}

/** Asks a process to end, and kills it where it does not end in time. */
export async function endProcess(process: ProcessId | undefined, graceMs: number): Promise<void> {
  signalGroup(process, 'SIGTERM');
  if (await ends(process, graceMs)) return;
  signalGroup(process, 'SIGKILL');
  await ends(process, 5000);
}

/** Each of our processes leads a group: its helpers get the signal too. */
export function signalGroup(id: ProcessId | undefined, name: NodeJS.Signals): void {
  if (!runs(id)) return;
  try {
    process.kill(-id.pid, name);
  } catch {
    // It ended between the check and the signal.
  }
}

/** Whether it ends in time. */
export async function ends(id: ProcessId | undefined, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (runs(id)) {
    if (Date.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}
