import { resolve } from 'node:path';
import { InvalidArgumentError } from './command.ts';

/** Any text but an empty one; what looks like an option is the next one, and the value is missing. */
export function text(given: string): string {
  if (given === '' || given.startsWith('-'))
    throw new InvalidArgumentError('Give a text that is not empty.');
  return given;
}

/** An absolute path. A relative one is meant from the folder in which npm was called. */
export function path(given: string): string {
  if (given === '' || given.startsWith('-') || given.includes('\0'))
    throw new InvalidArgumentError('Give a path.');
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), given);
}

/** A whole number in the range, both ends included. */
export function whole(least: number, most: number): (given: string) => number {
  return (given) => {
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
