/** Returns a copy in which every card number, at any depth, is masked except for its last four digits, and every ccv is hidden. */
export function maskCards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskCards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, masked(name, inner)]),
  );
}

function masked(name: string, value: unknown): unknown {
  if (name === 'ccv') return value === null ? null : '***';
  if (name !== 'longNum') return maskCards(value);
  return typeof value === 'string' || typeof value === 'number' ? maskNumber(String(value)) : null;
}

/** As the original masked in its log: `1234567890` becomes `******7890`. A number of four digits or fewer is hidden as a whole. */
function maskNumber(number: string): string {
  const shown = number.length > 4 ? number.slice(-4) : '';
  return shown.padStart(number.length, '*');
}
