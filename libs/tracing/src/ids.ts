import { randomBytes } from 'node:crypto';

const BLOCK_BYTES = 4096;
let digits = '';
let used = 0;

/** Random digits of base 16, cut from a block: asking for each id alone costs as much as the rest of a span. */
function next(length: number): string {
  if (used + length > digits.length) {
    digits = randomBytes(BLOCK_BYTES).toString('hex');
    used = 0;
  }
  used += length;
  return digits.slice(used - length, used);
}

export function newTraceId(): string {
  return next(32);
}

export function newSpanId(): string {
  return next(16);
}
