import { resolve } from 'node:path';
import { UsageError } from './errors.ts';

/** Any text but an empty one. */
export function text(given: string): string {
  if (given === '') throw new UsageError('give a text that is not empty');
  return given;
}

/** An absolute path. A relative one is meant from the folder in which npm was called. */
export function path(given: string): string {
  if (given === '') throw new UsageError('give a path');
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), given);
}

/** A whole number in the range, both ends included. */
export function whole(least: number, most: number): (given: string) => number {
  return (given) => {
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= least && value <= most) return value;
    throw new UsageError(`give a whole number from ${least} to ${most}`);
  };
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): (given: string) => T {
  return (given) => {
    const word = words.find((each) => each === given);
    if (word !== undefined) return word;
    throw new UsageError(`give ${words.join(' or ')}`);
  };
}
