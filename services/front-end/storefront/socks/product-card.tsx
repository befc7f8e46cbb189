import type { ReactNode } from 'react';
import type { Sock } from '../api.ts';
import { dollars } from '../cart/money.ts';
import { detailPath } from '../links.ts';
import { Bone } from '../ui/skeleton.tsx';
import { Picture } from './picture.tsx';
import { tintOf } from './tints.ts';

interface Props {
  sock: Sock;
  eager?: boolean;
  children?: ReactNode;
}

/** The name is the link; the style sheet stretches it over the card, which is of the picture's colour. */
export function ProductCard({ sock, eager = false, children }: Props) {
  const picture = sock.imageUrl[0];
  return (
    <div className="product" role="listitem" style={{ backgroundColor: tintOf(picture) }}>
      <Picture jpeg={picture} alt="" size={240} eager={eager} />
      <div className="product-text">
        <h3 id={`name-${sock.id}`}>
          <a href={detailPath(sock.id)}>{sock.name}</a>
        </h3>
        <p className="price">{dollars(sock.price)}</p>
      </div>
      {children && <div className="buttons">{children}</div>}
    </div>
  );
}

/** `count` cards to come. */
export function ProductSkeletons({ count, buttons = false }: { count: number; buttons?: boolean }) {
  return Array.from({ length: count }, (_, index) => (
    <div className="product" key={index} aria-hidden="true">
      <span className="picture" />
      <div className="product-text">
        <Bone width={7} height={1.3} />
        <p className="price">
          <Bone width={4} height={1} />
        </p>
      </div>
      {buttons && (
        <div className="buttons">
          <span className="btn" />
        </div>
      )}
    </div>
  ));
}
