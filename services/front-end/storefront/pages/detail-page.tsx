import { useEffect, useState } from 'react';
import { ApiError } from '../api-error.ts';
import { getSock, listSocks, type Sock } from '../api.ts';
import { AddToCart } from '../cart/add-to-cart.tsx';
import { dollars } from '../cart/money.ts';
import { Breadcrumb } from '../frame/breadcrumb.tsx';
import { useTitle } from '../frame/use-title.ts';
import { tagName, text } from '../i18n/text.ts';
import { categoryPath } from '../links.ts';
import { Picture } from '../socks/picture.tsx';
import { ProductRow } from '../socks/product-row.tsx';
import { tintOf } from '../socks/tints.ts';
import { Empty } from '../ui/empty.tsx';
import { ParcelIcon } from '../ui/icons.tsx';
import { Loading } from '../ui/loading.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';

const shownRelated = 4;

export function DetailPage() {
  const id = new URLSearchParams(location.search).get('id') ?? '';
  useEffect(() => {
    if (id === '') location.replace('/');
  }, [id]);
  return id === '' ? null : <Detail id={id} />;
}

function Detail({ id }: { id: string }) {
  const sock = useLoad(() => getSock(id), id);
  const gone = sock.error instanceof ApiError && sock.error.status === 404;
  useTitle(gone ? text.socks.gone : (sock.data?.name ?? text.socks.allSocks));
  if (gone) return <NoSuchSock />;
  return (
    <div className="container">
      <Breadcrumb path={[[text.socks.allSocks, categoryPath({})]]} here={sock.data?.name ?? '…'} />
      <Loading of={sock} skeleton={<Skeleton />}>
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

function NoSuchSock() {
  return (
    <div className="container">
      <Empty picture="holy" title={text.socks.gone} heading hint={text.socks.goneHint}>
        <a className="btn btn-primary" href={categoryPath({})}>
          {text.home.seeAll}
        </a>
      </Empty>
    </div>
  );
}

function SockDetail({ sock }: { sock: Sock }) {
  const [chosen, setChosen] = useState(0);
  const pictures = [...new Set(sock.imageUrl)]; // Colourful has the same one twice
  const picture = pictures[chosen];
  return (
    <article className="detail">
      <div className="detail-pictures">
        <div className="stage" style={{ backgroundColor: tintOf(picture) }}>
          <Picture id="imageMain" jpeg={picture} alt={sock.name} size={640} eager />
        </div>
        <div id="thumbs" role="group" aria-label={text.socks.pictures}>
          {pictures.length > 1 &&
            pictures.map((jpeg, index) => (
              <button
                key={jpeg}
                type="button"
                aria-label={text.socks.picture(index + 1)}
                aria-pressed={index === chosen}
                onClick={() => {
                  setChosen(index);
                }}
              >
                <Picture jpeg={jpeg} alt="" size={88} eager />
              </button>
            ))}
        </div>
      </div>
      <div className="detail-text">
        <h1 id="title">{sock.name}</h1>
        <p id="price" className="price">
          {dollars(sock.price)}
        </p>
        <p id="description">{sock.description}</p>
        <AddToCart id="buttonCart" sock={sock} />
        <ul className="facts">
          <li>
            <ParcelIcon />
            {text.socks.shipping}
          </li>
        </ul>
        <ul className="tags" aria-label={text.socks.tags}>
          {sock.tag.map((tag) => (
            <li key={tag}>
              <a href={categoryPath({ tags: [tag] })}>{tagName(tag)}</a>
            </li>
          ))}
        </ul>
      </div>
    </article>
  );
}

/** Socks that share a tag, and others where those are few: a row is never half empty. */
function Related({ sock }: { sock: Sock }) {
  const socks = useLoad(async () => {
    const size = shownRelated + 1; // this one may be among them
    const alike = await listSocks({ sort: 'id', size, tags: sock.tag });
    const others = alike.length < size ? await listSocks({ size: size + alike.length }) : [];
    const known = new Map([...alike, ...others].map((each) => [each.id, each]));
    known.delete(sock.id);
    return [...known.values()].slice(0, shownRelated);
  }, sock.id);
  if (socks.data?.length === 0) return null;
  return (
    <ProductRow id="youMayAlsoLike" title={text.socks.related} socks={socks} count={shownRelated} />
  );
}

function Skeleton() {
  return (
    <div className="detail">
      <div className="detail-pictures">
        <span className="picture" />
        <div id="thumbs" />
      </div>
      <div className="detail-text">
        <Bone width={14} height={3} />
        <Bone width={6} height={2} />
        <Bone width={26} height={5} />
        <Bone width={12} height={3} />
      </div>
    </div>
  );
}
