import { InvalidArgumentError } from '@sockshop/cli';
import { IMAGE, PAIR, VERSION } from './requests.ts';

/** `1%`, `0.5%`: as a part of 1. */
export function rate(given: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(given) ?? [];
  const value = Number(digits) / 100;
  if (digits === undefined || value > 1)
    throw new InvalidArgumentError('Give a percentage such as 1% or 0.5%.');
  return value;
}

const UNITS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
]);

/** `300ms`, `2s`: in milliseconds. */
export function duration(given: string): number {
  const [, digits, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(given) ?? [];
  const value = Number(digits) * (UNITS.get(unit) ?? 1);
  if (digits === undefined || value <= 0)
    throw new InvalidArgumentError('Give a duration such as 300ms, 2s or 1m.');
  return value;
}

/** `100/s`; undefined for `off`. */
export function perSecond(given: string): number | null {
  if (given === 'off') return null;
  const [, digits] = /^(\d+)\/s$/.exec(given) ?? [];
  const value = Number(digits);
  if (digits === undefined || value < 1)
    throw new InvalidArgumentError('Give a rate such as 100/s, or off.');
  return value;
}

/** A share of the requests in percent. */
export function share(given: string): number {
  const value = Number(given);
  if (!/^\d+(\.\d{1,2})?$/.test(given) || value > 100)
    throw new InvalidArgumentError('Give a percentage from 0 to 100.');
  return value;
}

/** `10,25,50,100`. */
export function steps(given: string): number[] {
  const all = given.split(',').map(share);
  const rising = all.every((step, at) => step > (all[at - 1] ?? 0));
  if (!rising) throw new InvalidArgumentError('Give rising percentages, such as 10,25,50,100.');
  return all;
}

/** `96`, or null for `off`. */
export function mebibytes(given: string): number | null {
  if (given === 'off') return null;
  if (!/^\d+$/.test(given)) throw new InvalidArgumentError('Give MiB such as 96, or off.');
  return Number(given);
}

/** `0.5`, or null for `off`. */
export function processors(given: string): number | null {
  if (given === 'off') return null;
  if (!/^\d+(\.\d+)?$/.test(given))
    throw new InvalidArgumentError('Give a number of processors such as 0.5, or off.');
  return Number(given);
}

/** One more `VARIABLE=value`. */
export function variable(given: string, before: Readonly<Record<string, string>> = {}) {
  const [, name, value] = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(given) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('Give VARIABLE=value, such as LOG_LEVEL=debug.');
  return { ...before, [name]: value };
}

/** `variant=b`. */
export function pair(given: string): string {
  if (!PAIR.test(given))
    throw new InvalidArgumentError(
      'Give NAME=VALUE, such as variant=b. The value has letters, digits, . _ ~ and -.',
    );
  return given;
}

/** `v2`. */
export function versionName(given: string): string {
  if (!VERSION.test(given))
    throw new InvalidArgumentError('Give letters, digits, dots and hyphens, such as v2.');
  return given;
}

/** As the engine names images; a tag or a digest may be missing. */
export function imageName(given: string): string {
  if (!IMAGE.test(given))
    throw new InvalidArgumentError('Give the name of an image, such as sock-shop/orders:1.0.0.');
  return given;
}
