import { AddToCart } from '../cart/add-to-cart.tsx';
import { countSocks, listSocks, type Sock } from '../api.ts';
import { Filters } from '../socks/filters.tsx';
import { detailPath, type Listing } from '../links.ts';
import { Loading } from '../ui/loading.tsx';
import { PageSizes } from '../socks/page-sizes.tsx';
import { Pagination } from '../socks/pagination.tsx';
import { ProductCard } from '../socks/product-card.tsx';
import { SortBy } from '../socks/sort-by.tsx';
import { useListing } from '../socks/use-listing.ts';
import { useLoad } from '../ui/use-load.ts';

export function CategoryPage() {
  const { listing, show } = useListing();
  const found = useLoad(() => find(listing), JSON.stringify(listing));
  return (
    <div className="container with-side">
      <Filters
        key={listing.tags.join()}
        chosen={listing.tags}
        onChoose={(tags) => {
          show({ ...listing, tags, page: 1 });
        }}
      />
      <div>
        <h1>Catalogue</h1>
        <Loading of={found}>
          {({ socks, total }) => (
            <>
              <div className="bar toolbar">
                <p id="totalProducts">
                  Showing {socks.length} of {total} products
                </p>
                <PageSizes listing={listing} />
                <SortBy
                  sort={listing.sort}
                  onSort={(sort) => {
                    show({ ...listing, sort, page: 1 });
                  }}
                />
              </div>
              <div id="products" className="products" role="list">
                {socks.map((sock) => (
                  <ProductCard key={sock.id} sock={sock}>
                    <a
                      className="btn"
                      href={detailPath(sock.id)}
                      aria-describedby={`name-${sock.id}`}
                    >
                      View detail
                    </a>
                    <AddToCart sock={sock} describedBy={`name-${sock.id}`} />
                  </ProductCard>
                ))}
              </div>
              {socks.length === 0 && <p>No socks here.</p>}
              <Pagination listing={listing} total={total} />
            </>
          )}
        </Loading>
      </div>
    </div>
  );
}

async function find({
  page,
  size,
  tags,
  sort,
}: Listing): Promise<{ socks: Sock[]; total: number }> {
  if (size !== 'all') {
    const query = { page, size, tags, sort };
    const [socks, total] = await Promise.all([listSocks(query), countSocks(tags)]);
    return { socks, total };
  }
  const total = await countSocks(tags);
  return { socks: total > 0 ? await listSocks({ size: total, tags, sort }) : [], total };
}
