import type { AnchorHTMLAttributes } from 'react';
import { categoryPath, type Listing } from '../links.ts';

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  to: Listing;
  onShow: (listing: Listing) => void;
}

/** A link to another part of the catalogue. A plain click changes the list in place. */
export function ListingLink({ to, onShow, ...link }: Props) {
  return (
    <a
      {...link}
      href={categoryPath(to)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // a new tab
        event.preventDefault();
        onShow(to);
      }}
    />
  );
}
