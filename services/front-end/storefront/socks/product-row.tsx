import type { Sock } from '../api.ts';
import { Loading } from '../ui/loading.tsx';
import { ProductCard } from './product-card.tsx';
import type { Loaded } from '../ui/use-load.ts';

interface Props {
  id: string;
  title: string;
  socks: Loaded<Sock[]>;
}

export function ProductRow({ id, title, socks }: Props) {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <Loading of={socks}>
        {(list) => (
          <div id={id} className="products" role="list">
            {list.map((sock) => (
              <ProductCard key={sock.id} sock={sock} />
            ))}
          </div>
        )}
      </Loading>
    </section>
  );
}
