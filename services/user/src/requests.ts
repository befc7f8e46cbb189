import { ShopError } from '@sockshop/service';
import { z } from 'zod';

/** Longer than anything real; what it keeps out would not fit into a Basic header either. */
const LONGEST = 1000;

/** A text that may be left out, as in the original; JSON's null counts as left out. */
export const optionalText = z
  .string()
  .max(LONGEST)
  .nullish()
  .transform((text) => text ?? '');

/** The original's words. */
const INVALID_ID = 'Invalid Id Hex';

/** MongoDB's form of an id. */
export const Id = z
  .string()
  .regex(/^[\da-fA-F]{24}$/, INVALID_ID)
  .transform((id) => id.toLowerCase());

/** The customer to whom something is added; without one it belongs to nobody. */
export const ownerId = z
  .string()
  .regex(/^([\da-fA-F]{24})?$/, INVALID_ID)
  .nullish()
  .transform((id) => (id ? id.toLowerCase() : undefined))
  .meta({ description: "The customer's id; without one it belongs to nobody." });

/** @throws ShopError 404 with the original's words. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new ShopError(404, 'not found');
  return value;
}

/** The answer to a deletion. @throws ShopError 404 when there was nothing to delete. */
export function deleted(done: boolean): { status: true } {
  return { status: found(done || undefined) };
}
