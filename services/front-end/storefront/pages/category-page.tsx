import { countSocks, listSocks, type Sock } from '../api.ts';
import { AddToCart } from '../cart/add-to-cart.tsx';
import { useTitle } from '../frame/use-title.ts';
import { tagName, text } from '../i18n/text.ts';
import { categoryPath, detailPath, type Listing } from '../links.ts';
import { Filters } from '../socks/filters.tsx';
import { PageSizes } from '../socks/page-sizes.tsx';
import { Pagination } from '../socks/pagination.tsx';
import { ProductCard, ProductSkeletons } from '../socks/product-card.tsx';
import { Search } from '../socks/search.tsx';
import { SortBy } from '../socks/sort-by.tsx';
import { useListing } from '../socks/use-listing.ts';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { useLoad } from '../ui/use-load.ts';

/** What the first window shows; later pictures wait until they are near. */
const seenFirst = 3;

export function CategoryPage() {
  const { listing, show } = useListing();
  const found = useLoad(() => find(listing), JSON.stringify(listing));
  const { data } = found;
  const { q, tags, page } = listing;
  useTitle(
    q === '' ? undefined : `“${q}”`,
    ...tags.map(tagName),
    page > 1 ? text.socks.page(page) : undefined,
    text.socks.title,
  );
  return (
    <div className="container with-side">
      <Filters
        chosen={listing.tags}
        onChoose={(tags) => {
          show({ ...listing, tags, page: 1 });
        }}
      />
      <div>
        <div className="bar">
          <h1 id="catalogue-title">{text.socks.title}</h1>
          <Search
            q={listing.q}
            onSearch={(q) => {
              show({ ...listing, q, page: 1 });
            }}
          />
        </div>
        <div className="bar toolbar">
          <p id="totalProducts" role="status">
            {data && text.socks.showing(data.socks.length, data.total)}
          </p>
          <PageSizes listing={listing} onShow={show} />
          <SortBy
            sort={listing.sort}
            onSort={(sort) => {
              show({ ...listing, sort, page: 1 });
            }}
          />
        </div>
        <Loading of={found} skeleton={<Skeleton listing={listing} />}>
          {({ socks, total }) => (
            <>
              <div id="products" className="products" role="list" aria-busy={found.waiting}>
                {socks.map((sock, index) => (
                  <SockCard key={sock.id} sock={sock} eager={index < seenFirst} />
                ))}
              </div>
              {socks.length === 0 && (
                <Empty
                  picture="cat"
                  title={listing.q === '' ? text.socks.none : text.socks.noneFor(listing.q)}
                  hint={text.socks.noneHint}
                >
                  <a className="btn btn-primary" href={categoryPath({})}>
                    {text.home.seeAll}
                  </a>
                </Empty>
              )}
              <Pagination listing={listing} total={total} onShow={show} />
            </>
          )}
        </Loading>
      </div>
    </div>
  );
}

function SockCard({ sock, eager }: { sock: Sock; eager: boolean }) {
  const name = `name-${sock.id}`;
  return (
    <ProductCard sock={sock} eager={eager} heading="h2">
      <a className="btn" href={detailPath(sock.id)} aria-describedby={name}>
        {text.socks.viewDetail}
      </a>
      <AddToCart sock={sock} describedBy={name} />
    </ProductCard>
  );
}

function Skeleton({ listing: { size } }: { listing: Listing }) {
  return (
    <div className="products in-list">
      <ProductSkeletons count={size === 'all' ? 9 : Math.min(size, 9)} buttons />
    </div>
  );
}

async function find({
  page,
  size,
  sort,
  ...filter
}: Listing): Promise<{ socks: Sock[]; total: number }> {
  if (size !== 'all') {
    const query = { ...filter, page, size, sort };
    const [socks, total] = await Promise.all([listSocks(query), countSocks(filter)]);
    return { socks, total };
  }
  const total = await countSocks(filter);
  return { socks: total > 0 ? await listSocks({ ...filter, size: total, sort }) : [], total };
}
