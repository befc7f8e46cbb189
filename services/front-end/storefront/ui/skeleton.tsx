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
