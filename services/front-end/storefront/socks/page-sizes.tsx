import { categoryPath, type Listing } from '../links.ts';

const sizes = [3, 6, 9, 'all'] as const;

export function PageSizes({ listing }: { listing: Listing }) {
  return (
    <nav id="products-number" aria-label="Products per page">
      <span aria-hidden="true">Show </span>
      {sizes.map((size) => (
        <a
          key={size}
          className="btn btn-small"
          href={categoryPath({ ...listing, size, page: 1 })}
          aria-current={size === listing.size ? 'true' : undefined}
        >
          {size}
        </a>
      ))}
    </nav>
  );
}
