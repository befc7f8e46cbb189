import { z } from 'zod';

/** A whole number in a query, in digits. */
export function wholeNumber(minimum: number, maximum: number) {
  return z
    .string()
    .refine((text) => /^-?\d{1,16}$/.test(text), 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum))
    .meta({ type: 'integer', minimum, maximum });
}
