import { useEffect, useState } from 'react';
import { categoryPath, listingFrom, type Listing } from '../links.ts';

/** What the catalogue page shows. It is kept in the address, so that Back and bookmarks work. */
export function useListing() {
  const [listing, setListing] = useState(() => listingFrom(location.search));
  useEffect(() => {
    const follow = () => {
      setListing(listingFrom(location.search));
    };
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('popstate', follow);
    };
  }, []);
  const show = (next: Listing) => {
    history.pushState(null, '', categoryPath(next));
    setListing(next);
    // Who turned a page below the list starts at its top again.
    const top = document.getElementById('catalogue-title');
    if (top && top.getBoundingClientRect().top < 0) top.scrollIntoView();
  };
  return { listing, show };
}
