import { text } from '../i18n/text.ts';
import { categoryPath } from '../links.ts';
import { Empty } from '../ui/empty.tsx';

export function WishlistPage() {
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
