import { type Memory, memoryOf } from '@sockshop/supervisor';

export type { Memory };

/** Of each named process with its group, in KiB. */
export function memoryByName(processes: ReadonlyMap<string, number>): Map<string, Memory> {
  const memory = memoryOf([...processes.values()]);
  return new Map(
    [...processes].map(([name, pid]) => [name, memory.get(pid) ?? { rss: 0, pss: 0 }]),
  );
}
