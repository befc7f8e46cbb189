/** A card is good to the end of its month, `MM/YY` or `MM/YYYY`. One whose month cannot be read is not judged. */
export function isExpired(expires: string, now = new Date()): boolean {
  const [, month, year] = /^(0[1-9]|1[0-2])\/((?:20)?\d\d)$/.exec(expires) ?? [];
  if (month === undefined || year === undefined) return false;
  return now >= new Date((Number(year) % 100) + 2000, Number(month));
}
