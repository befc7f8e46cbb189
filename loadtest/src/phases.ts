import { CommandError } from '@sockshop/cli';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Phases, Stretch } from './arrivals.ts';
import { rateOrNothing, timeOf } from './option-values.ts';

const rate = z
  .union([z.string(), z.number()])
  .transform((value) => rateOrNothing(String(value)))
  .refine((value) => value !== undefined, 'give visits per second, minute or hour, such as 20/s');

const time = z
  .string('give a time with its unit, such as 30s')
  .transform(timeOf)
  .refine((ms) => ms !== undefined && ms > 0, 'give a time with its unit, such as 30s')
  .transform((ms) => ms ?? 0);

const phase = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('steady'), rate, for: time }),
  z.strictObject({ phase: z.literal('ramp'), from: rate, to: rate, for: time }),
  z.strictObject({ phase: z.literal('steps'), rates: z.array(rate).min(1), each: time }),
  /** `base` before and after; the spike is in the middle. */
  z.strictObject({ phase: z.literal('spike'), base: rate, peak: rate, for: time, spike: time }),
  /** From the night's rate up to the day's, and back. */
  z.strictObject({ phase: z.literal('day'), low: rate, high: rate, for: time }),
]);

const file = z.strictObject({
  repeat: z.boolean().default(false),
  phases: z.array(phase).min(1),
});

type Phase = z.infer<typeof phase>;

/** A day has so many straight pieces: the curve is within 1 % of them. */
const piecesOfDay = 48;

/** @throws CommandError where the file is no list of phases; the system's error where it cannot be read */
export async function readPhases(path: string): Promise<Phases> {
  return phasesOf(await readFile(path, 'utf8'), path);
}

/** @param text YAML, and so JSON too */
export function phasesOf(text: string, path: string): Phases {
  let given: unknown;
  try {
    given = parse(text);
  } catch (cause) {
    const why = Error.isError(cause) ? (cause.message.split('\n')[0] ?? '') : '';
    throw new CommandError(`${path} is neither YAML nor JSON: ${why}`, { cause });
  }
  const { success, data, error } = file.safeParse(given);
  if (!success) throw new CommandError(`${path} is no list of phases:\n${z.prettifyError(error)}`);
  const stretches = data.phases.flatMap(stretchesOf);
  if (stretches.every(({ from, to }) => from === 0 && to === 0))
    throw new CommandError(`${path}: no phase has a rate above 0`);
  return { stretches, repeat: data.repeat };
}

function stretchesOf(given: Phase): Stretch[] {
  switch (given.phase) {
    case 'steady':
      return [{ ms: given.for, from: given.rate, to: given.rate }];
    case 'ramp':
      return [{ ms: given.for, from: given.from, to: given.to }];
    case 'steps':
      return given.rates.map((each) => ({ ms: given.each, from: each, to: each }));
    case 'spike': {
      const spike = Math.min(given.spike, given.for);
      const calm = { ms: (given.for - spike) / 2, from: given.base, to: given.base };
      return [calm, { ms: spike, from: given.peak, to: given.peak }, calm];
    }
    case 'day': {
      const at = (part: number) =>
        given.low + ((given.high - given.low) * (1 - Math.cos(2 * Math.PI * part))) / 2;
      return Array.from({ length: piecesOfDay }, (_, piece) => ({
        ms: given.for / piecesOfDay,
        from: at(piece / piecesOfDay),
        to: at((piece + 1) / piecesOfDay),
      }));
    }
  }
}
