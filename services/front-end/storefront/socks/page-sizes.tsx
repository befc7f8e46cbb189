import { text } from '../i18n/text.ts';
import type { Listing } from '../links.ts';
import { ListingLink } from './listing-link.tsx';

const sizes = [3, 6, 9, 'all'] as const;

interface Props {
  listing: Listing;
  onShow: (listing: Listing) => void;
}

export function PageSizes({ listing, onShow }: Props) {
  return (
    <nav id="products-number" aria-label={text.socks.perPage}>
      <span aria-hidden="true">{text.socks.show}</span>
      {sizes.map((size) => (
        <ListingLink
          key={size}
          className="btn btn-small"
          to={{ ...listing, size, page: 1 }}
          onShow={onShow}
          aria-current={size === listing.size ? 'true' : undefined}
        >
          {size === 'all' ? text.socks.all : size}
        </ListingLink>
      ))}
    </nav>
  );
}
