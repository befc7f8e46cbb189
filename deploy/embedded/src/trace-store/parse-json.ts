import { MalformedError } from './span.ts';

export type Json = Record<string, unknown>;

export function parseObject(value: unknown, field: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedError(`${field} is not an object`);
  }
  return value as Json; // of a JSON document: text keys, any values
}

/** Zipkin accepts a number as a text, and a text as a number. */
export function parseText(value: unknown, field: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new MalformedError(`${field} is not a text`);
  }
  return String(value);
}

/** A negative number counts as unknown, as in Zipkin. */
export function parseMicros(value: unknown, field: string): number {
  return Math.max(0, parseInteger(value, field));
}

export function parseInteger(value: unknown, field: string): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (!Number.isSafeInteger(number)) throw new MalformedError(`${field} is not a whole number`);
  return number as number; // isSafeInteger is true of numbers only
}
