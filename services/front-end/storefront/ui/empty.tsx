import type { ReactNode } from 'react';
import cat from '../pictures/cat.svg';
import holy from '../pictures/line-holy.svg';

interface Props {
  picture: 'cat' | 'holy';
  title: string;
  /** A page of which this is all has it as its heading. */
  heading?: boolean;
  hint: string;
  children?: ReactNode;
}

/** What to show where there is nothing to show. */
export function Empty({ picture, title, heading = false, hint, children }: Props) {
  return (
    <div className="empty">
      {picture === 'cat' ? (
        <img src={cat} alt="" width="180" height="200" />
      ) : (
        <img src={holy} alt="" width="150" height="198" />
      )}
      {heading ? <h1>{title}</h1> : <p className="empty-title">{title}</p>}
      <p>{hint}</p>
      {children}
    </div>
  );
}
