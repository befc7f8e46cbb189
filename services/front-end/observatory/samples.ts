import type { Traffic, Work } from './api.ts';

/** What the shop answered from outside, at one moment. */
export interface Sample {
  perSecond: number;
  /** 0 to 1. */
  errorShare: number;
  avgMs: number;
  p95Ms: number;
}

const longest = 100; // five minutes of them

export function addSample(before: readonly Sample[], traffic: Traffic): Sample[] {
  return [...before, sampleOf(traffic)].slice(-longest);
}

/** Of the parts that no service calls: what happens inside is part of their answers. */
export function sampleOf({ services, edges }: Traffic): Sample {
  const kinds = new Map(services.map(({ name, kind }) => [name, kind]));
  const called = new Set(
    edges.filter(({ from }) => kinds.get(from) !== 'browser').map(({ to }) => to),
  );
  const doors = services.filter(({ name, kind }) => kind === 'service' && !called.has(name));
  const perSecond = doors.reduce((sum, door) => sum + door.perSecond, 0);
  const mean = (value: (door: Sample) => number) =>
    perSecond === 0
      ? 0
      : doors.reduce((sum, door) => sum + value(door) * door.perSecond, 0) / perSecond;
  return {
    perSecond,
    errorShare: mean(({ errorShare }) => errorShare),
    avgMs: mean(({ avgMs }) => avgMs),
    p95Ms: Math.max(0, ...doors.map(({ p95Ms }) => p95Ms)),
  };
}

/** How often the routes failed, as the table shows it. */
export function errorShareOf({ count, errors }: Work): number {
  return count === 0 ? 0 : errors / count;
}
