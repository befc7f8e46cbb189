import type { Sock } from '../api.ts';
import { Loading } from '../ui/loading.tsx';
import type { Loaded } from '../ui/use-load.ts';
import { ProductCard, ProductSkeletons } from './product-card.tsx';

interface Props {
  id: string;
  title: string;
  socks: Loaded<Sock[]>;
  /** How many there will be. */
  count: number;
}

export function ProductRow({ id, title, socks, count }: Props) {
  return (
    <section className="row" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <Loading
        of={socks}
        skeleton={
          <div className="products" data-count={count}>
            <ProductSkeletons count={count} />
          </div>
        }
      >
        {(list) => (
          <div id={id} className="products" data-count={count} role="list">
            {list.map((sock) => (
              <ProductCard key={sock.id} sock={sock} />
            ))}
          </div>
        )}
      </Loading>
    </section>
  );
}
