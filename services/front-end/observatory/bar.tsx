/** How long, against the longest of the table: filled to the first figure, lighter on to the second. By the square root, so that short ones differ too. */
export function Bar({ ms, toMs = ms, topMs }: { ms: number; toMs?: number; topMs: number }) {
  const percent = (value: number) => `${(topMs > 0 ? Math.sqrt(value / topMs) : 0) * 100}%`;
  return (
    <span className="duration-bar" aria-hidden="true">
      <i style={{ width: percent(toMs) }} />
      <b style={{ width: percent(ms) }} />
    </span>
  );
}
