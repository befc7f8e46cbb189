import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { categoryPath } from '../links.ts';
import { Empty } from '../ui/empty.tsx';

/** The original has this page, and no wishlist. No link leads here. */
export function WishlistPage() {
  useTitle(text.wishlist.title);
  return (
    <div className="container">
      <Empty picture="cat" title={text.wishlist.title} heading hint={text.wishlist.none}>
        <a className="btn btn-primary" href={categoryPath({})}>
          {text.home.seeAll}
        </a>
      </Empty>
    </div>
  );
}
