import { CommandError } from '@sockshop/cli';
import type { Engine } from './engine.ts';
import type { Container } from './stack.ts';

export interface Memory {
  readonly service: string;
  readonly usedMiB: number;
  readonly limitMiB: number;
}

const UNITS: Readonly<Record<string, number>> = {
  B: 2 ** -20,
  KiB: 2 ** -10,
  MiB: 1,
  GiB: 2 ** 10,
};

/** As `docker stats` counts it. */
export async function memoryOf(
  engine: Engine,
  containers: readonly Container[],
): Promise<Memory[]> {
  const ids = containers.map(({ id }) => id);
  const format = '{{.ID}} {{.MemUsage}}';
  const lines = (
    await engine.docker('stats', '--no-stream', '--no-trunc', '--format', format, ...ids)
  ).split('\n');
  return lines.map((line) => {
    const [id, used = '', , limit = ''] = line.split(' ');
    const service = containers.find((each) => each.id === id)?.service ?? '';
    return { service, usedMiB: mebibytes(used), limitMiB: mebibytes(limit) };
  });
}

function mebibytes(text: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? NaN);
}

/** @throws CommandError for a container that has less than a tenth of its limit left, or a sum of limits of the tier above `most` */
export function withinLimits(
  all: readonly Memory[],
  tier: readonly string[],
  mostMiB: number,
): string {
  const tight = all.filter(({ usedMiB, limitMiB }) => !(usedMiB <= 0.9 * limitMiB));
  if (tight.length > 0)
    throw new CommandError(`near their limit: ${tight.map((each) => cellOf(each)).join(', ')}`);
  const own = all.filter(({ service }) => tier.includes(service));
  const limits = sum(own.map(({ limitMiB }) => limitMiB));
  if (limits > mostMiB)
    throw new CommandError(`the limits of the application tier are ${limits} MiB`);
  const used = sum(own.map(({ usedMiB }) => usedMiB));
  return `application tier ${used.toFixed(0)} of ${limits} MiB; ${all.map((each) => cellOf(each)).join(', ')}`;
}

function cellOf({ service, usedMiB, limitMiB }: Memory): string {
  return `${service} ${usedMiB.toFixed(0)}/${limitMiB.toFixed(0)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((before, each) => before + each, 0);
}
