import { text } from '../i18n/text.ts';
import type { Listing } from '../links.ts';
import { ListingLink } from './listing-link.tsx';

interface Props {
  listing: Listing;
  total: number;
  onShow: (listing: Listing) => void;
}

export function Pagination({ listing, total, onShow }: Props) {
  const { page, size } = listing;
  const pages = size === 'all' ? 1 : Math.ceil(total / size);
  if (pages < 2 && page === 1) return null;
  const numbers = Array.from({ length: pages }, (_, index) => index + 1);
  return (
    <nav aria-label={text.socks.pages}>
      <ul id="pagination">
        {numbers.map((number) => (
          <li key={number}>
            <ListingLink
              className="btn btn-small"
              to={{ ...listing, page: number }}
              onShow={onShow}
              aria-label={text.socks.page(number)}
              aria-current={number === page ? 'page' : undefined}
            >
              {number}
            </ListingLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
