import { categoryPath, type Listing } from '../links.ts';

export function Pagination({ listing, total }: { listing: Listing; total: number }) {
  const { page, size } = listing;
  const pages = size === 'all' ? 1 : Math.ceil(total / size);
  if (pages < 2 && page === 1) return null;
  const numbers = Array.from({ length: pages }, (_, index) => index + 1);
  return (
    <nav aria-label="Pages of the catalogue">
      <ul id="pagination">
        {numbers.map((number) => (
          <li key={number}>
            <a
              className="btn btn-small"
              href={categoryPath({ ...listing, page: number })}
              aria-current={number === page ? 'page' : undefined}
            >
              {number}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
