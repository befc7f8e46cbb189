/** The one of the known words that was probably meant. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((each) => ({ each, edits: edits(word, each) }))
    .filter((candidate) => candidate.edits <= Math.max(1, candidate.each.length / 3))
    .sort((one, other) => one.edits - other.edits);
  return near[0]?.each;
}

/** How many letters must be inserted, removed, replaced or swapped with the next to make one word the other. */
function edits(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
