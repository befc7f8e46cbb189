import { useState } from 'react';
import { tintOf } from './tints.ts';

interface Props {
  id?: string;
  /** Path of a JPEG; the drawing it was made from lies beside it as SVG. */
  jpeg: string | undefined;
  alt: string;
  /** Pixels, both ways. */
  size: number;
  /** Seen first: not to wait for. */
  eager?: boolean;
}

export function Picture({ id, jpeg, alt, size, eager = false }: Props) {
  const [noDrawing, setNoDrawing] = useState<string | undefined>();
  const place = { id, className: 'picture', alt, width: size, height: size };
  const style = { backgroundColor: tintOf(jpeg) };
  if (!jpeg) return <span {...place} style={style} />;
  return (
    <img
      {...place}
      style={style}
      src={noDrawing === jpeg ? jpeg : jpeg.replace(/\.jpe?g$/i, '.svg')}
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
      onError={() => {
        setNoDrawing(jpeg);
      }}
    />
  );
}
