/** A value at a time, in any units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A slope and the interval that holds the true one, in y per x. */
export interface Slope {
  readonly slope: number;
  readonly least: number;
  readonly most: number;
}

/** Of the normal distribution, both sides: one false alarm in a thousand slopes. A soak looks at some forty. */
const Z = 3.29;

/**
 * The median slope of all pairs of points (Theil–Sen), with Sen's interval from the distribution of Kendall's tau. Up to a quarter of the points
 * may be anything without moving it far. Undefined for fewer than ten points.
 */
export function theilSen(points: readonly Point[]): Slope | undefined {
  const n = points.length;
  if (n < 10) return undefined;
  const slopes = points.flatMap((one, index) =>
    points
      .slice(index + 1)
      .filter(({ x }) => x !== one.x)
      .map(({ x, y }) => (y - one.y) / (x - one.x)),
  );
  slopes.sort((one, other) => one - other);
  const half = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const middle = (slopes.length - 1) / 2;
  const at = (index: number): number =>
    slopes[Math.min(slopes.length - 1, Math.max(0, index))] ?? 0;
  return {
    slope: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(Math.floor(middle - half)),
    most: at(Math.ceil(middle + half)),
  };
}
