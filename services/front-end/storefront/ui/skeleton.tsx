/** A grey line where text will be; `width` in em. */
export function Bone({ width, height = 1.5 }: { width: number; height?: number }) {
  return (
    <span
      className="bone"
      style={{ width: `${width}em`, height: `${height}em` }}
      aria-hidden="true"
    />
  );
}

/** Lines with a picture each: the cart's, or an order's. */
export function LineSkeletons({ count }: { count: number }) {
  return (
    <ul className="ordered" aria-hidden="true">
      {places(count).map((index) => (
        <li key={index}>
          <span className="picture" />
          <Bone width={9} />
          <Bone width={4} />
        </li>
      ))}
    </ul>
  );
}

/** A panel with its title and some lines. */
export function PanelSkeleton({ lines }: { lines: number }) {
  return (
    <div className="panel" aria-hidden="true">
      <Bone width={8} height={1.8} />
      {places(lines).map((index) => (
        <Bone key={index} width={14 - 3 * (index % 2)} height={1.2} />
      ))}
    </div>
  );
}

/** Rows as of the table of orders. */
export function TableSkeleton({ rows }: { rows: number }) {
  return (
    <div className="bone-rows" aria-hidden="true">
      {places(rows).map((index) => (
        <p key={index}>
          <Bone width={18} />
          <Bone width={8} />
          <Bone width={5} />
        </p>
      ))}
    </div>
  );
}

function places(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
