import { aligned } from '@sockshop/cli';
import { memoryOf, type Part, runs, type State } from '@sockshop/supervisor';
import { isReady } from './is-ready.ts';

const HEAD = ['name', 'port', 'pid', 'state', 'restarts', 'RSS MiB', 'PSS MiB'];

/** Lists every part with its process and the memory of that process's group, and the sum. */
export async function statusTable({ way, parts, launcher }: State): Promise<string> {
  const running = [...parts.map(({ process }) => process), launcher].filter(runs);
  const memory = memoryOf(running.map(({ pid }) => pid));
  const embedded = way === 'embedded'; // all parts are in the launcher
  const own: Part = { name: 'launcher', kind: 'helper', process: launcher };
  const ordered = [...parts].sort((one, other) => place(one) - place(other));
  const rows = await Promise.all(
    [...ordered, ...(embedded ? [] : [own])].map(async (part) => {
      const used = part.process && memory.get(part.process.pid);
      const process = part.process ?? (embedded ? launcher : undefined);
      return [
        part.name,
        String(part.port ?? '–'),
        String(process?.pid ?? '–'),
        await stateOf({ ...part, process }),
        String(part.restarts ?? '–'),
        mebibytes(used?.rss),
        mebibytes(used?.pss),
      ];
    }),
  );
  const sum = (of: 'rss' | 'pss') =>
    [...memory.values()].reduce((total, each) => total + each[of], 0);
  const total = ['together', '', '', '', '', mebibytes(sum('rss')), mebibytes(sum('pss'))];
  return aligned([HEAD, ...rows, total]);
}

function place({ kind }: Part): number {
  return { service: 0, server: 1, helper: 2 }[kind];
}

async function stateOf(part: Part): Promise<string> {
  if (part.kind === 'service') {
    if (!runs(part.process)) return 'restarting';
    return (await isReady(part)) ? 'ready' : 'not ready';
  }
  if (!part.process) return 'given by URL';
  if (!runs(part.process)) return 'restarting';
  return part.standIn ? 'running, a stand-in' : 'running';
}

function mebibytes(kib: number | undefined): string {
  return kib ? (kib / 1024).toFixed(0) : '–';
}
