import { listSocks } from '../api.ts';
import { categoryPath } from '../links.ts';
import { ProductRow } from '../socks/product-row.tsx';
import { useLoad } from '../ui/use-load.ts';

export function HomePage() {
  const socks = useLoad(() => listSocks({ size: 5 }));
  return (
    <div className="container">
      <section className="hero">
        <h1>Socks worth showing</h1>
        <p>From the holy to the nerdy: a pair for every foot, and two feet for every pair.</p>
        <a className="btn btn-primary" href={categoryPath({})}>
          See all socks
        </a>
      </section>
      <ProductRow id="hot-slider" title="Hot this week" socks={socks} />
      <section className="columns" id="advantages" aria-label="Why here">
        <div>
          <h2>Made for feet</h2>
          <p>Drawn by hand, worn by foot: ten designs, no two alike.</p>
        </div>
        <div>
          <h2>Flat shipping</h2>
          <p>$4.99 for an order, be it one sock or a thousand.</p>
        </div>
        <div>
          <h2>Watch it go</h2>
          <p>An order shows each of its steps, from your click to the parcel.</p>
        </div>
      </section>
    </div>
  );
}
