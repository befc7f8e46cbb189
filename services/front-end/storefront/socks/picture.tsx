import { tintOf } from './tints.ts';

interface Props {
  id?: string;
  /** A path of the sock's `imageUrl`. */
  jpeg: string | undefined;
  alt: string;
  /** Pixels, both ways. */
  size: number;
  /** Seen first: not to wait for. */
  eager?: boolean;
}

export function Picture({ id, jpeg, alt, size, eager = false }: Props) {
  const place = { id, className: 'picture', alt, width: size, height: size };
  const style = { backgroundColor: tintOf(jpeg) };
  if (!jpeg) return <span {...place} style={style} />;
  return (
    <img
      {...place}
      style={style}
      src={jpeg}
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
    />
  );
}
