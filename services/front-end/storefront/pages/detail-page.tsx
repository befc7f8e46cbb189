import { useEffect, useState } from 'react';
import { AddToCart } from '../cart/add-to-cart.tsx';
import { getSock, listSocks, type Sock } from '../api.ts';
import { categoryPath } from '../links.ts';
import { Loading } from '../ui/loading.tsx';
import { dollars } from '../cart/money.ts';
import { Picture } from '../socks/picture.tsx';
import { ProductRow } from '../socks/product-row.tsx';
import { useLoad } from '../ui/use-load.ts';

export function DetailPage() {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  useEffect(() => {
    if (id === '') location.replace('/');
  }, [id]);
  return id === '' ? null : <Detail id={id} />;
}

function Detail({ id }: { id: string }) {
  const sock = useLoad(() => getSock(id), id);
  return (
    <div className="container">
      <Loading of={sock}>
        {(loaded) => (
          <>
            <SockDetail sock={loaded} />
            <Related sock={loaded} />
          </>
        )}
      </Loading>
    </div>
  );
}

function SockDetail({ sock }: { sock: Sock }) {
  const [chosen, setChosen] = useState(0);
  return (
    <article>
      <nav id="breadcrumb" aria-label="Breadcrumb">
        <a href="/">Home</a> / <a href={categoryPath({})}>All socks</a> / <span>{sock.name}</span>
      </nav>
      <div className="detail">
        <div>
          <Picture id="imageMain" jpeg={sock.imageUrl[chosen]} alt={sock.name} size={480} eager />
          <div id="thumbs">
            {sock.imageUrl.map((jpeg, index) => (
              <button
                key={index}
                type="button"
                aria-label={`Picture ${index + 1}`}
                aria-pressed={index === chosen}
                onClick={() => {
                  setChosen(index);
                }}
              >
                <Picture jpeg={jpeg} alt="" size={80} />
              </button>
            ))}
          </div>
        </div>
        <div>
          <h1 id="title">{sock.name}</h1>
          <p id="price" className="price">
            {dollars(sock.price)}
          </p>
          <p id="description">{sock.description}</p>
          <p className="muted">{sock.count} in stock</p>
          <ul className="tags">
            {sock.tag.map((tag) => (
              <li key={tag}>
                <a href={categoryPath({ tags: [tag] })}>{tag}</a>
              </li>
            ))}
          </ul>
          <AddToCart id="buttonCart" sock={sock} />
        </div>
      </div>
    </article>
  );
}

function Related({ sock }: { sock: Sock }) {
  const socks = useLoad(async () => {
    const alike = await listSocks({ sort: 'id', size: 4, tags: sock.tag });
    return alike.filter(({ id }) => id !== sock.id).slice(0, 3);
  }, sock.id);
  if (socks.data?.length === 0) return null;
  return <ProductRow id="youMayAlsoLike" title="You may also like these" socks={socks} />;
}
