import { useState } from 'react';

interface Props {
  id?: string;
  /** Path of a JPEG; the drawing it was made from lies beside it as SVG. */
  jpeg: string | undefined;
  alt: string;
  /** Pixels, both ways. */
  size: number;
  eager?: boolean;
}

export function Picture({ id, jpeg, alt, size, eager = false }: Props) {
  const [noDrawing, setNoDrawing] = useState<string | undefined>();
  if (!jpeg) return null;
  const source = noDrawing === jpeg ? jpeg : jpeg.replace(/\.jpe?g$/i, '.svg');
  return (
    <img
      id={id}
      className="picture"
      src={source}
      alt={alt}
      width={size}
      height={size}
      loading={eager ? 'eager' : 'lazy'}
      onError={() => {
        setNoDrawing(jpeg);
      }}
    />
  );
}
