import type { ReactNode } from 'react';
import type { Sock } from '../api.ts';
import { detailPath } from '../links.ts';
import { dollars } from '../cart/money.ts';
import { Picture } from './picture.tsx';

/** The name is the link; the style sheet stretches it over the card. */
export function ProductCard({ sock, children }: { sock: Sock; children?: ReactNode }) {
  return (
    <div className="product" role="listitem">
      <Picture jpeg={sock.imageUrl[0]} alt="" size={240} />
      <h3 id={`name-${sock.id}`}>
        <a href={detailPath(sock.id)}>{sock.name}</a>
      </h3>
      <p className="price">{dollars(sock.price)}</p>
      {children && <div className="buttons">{children}</div>}
    </div>
  );
}
