import { listSocks } from '../api.ts';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { categoryPath } from '../links.ts';
import colourful from '../pictures/line-colourful.svg';
import crossed from '../pictures/line-crossed.svg';
import figueroa from '../pictures/line-figueroa.svg';
import holy from '../pictures/line-holy.svg';
import video from '../pictures/line-video.svg';
import { Picture } from '../socks/picture.tsx';
import { ProductRow } from '../socks/product-row.tsx';
import { tintOf } from '../socks/tints.ts';
import { FootIcon, ParcelIcon, StepsIcon } from '../ui/icons.tsx';
import { useLoad } from '../ui/use-load.ts';

export function HomePage() {
  useTitle();
  const socks = useLoad(() => listSocks({ size: 5 }));
  return (
    <>
      <Hero />
      <div className="container">
        <ProductRow id="hot-slider" title={text.home.hot} socks={socks} count={5} />
        <Moods />
        <Advantages />
      </div>
    </>
  );
}

const line = [colourful, holy, figueroa, video, crossed];

function Hero() {
  return (
    <section className="hero" aria-labelledby="hero-title">
      <div className="container">
        <div className="hero-text">
          <h1 id="hero-title">{text.home.title}</h1>
          <p>{text.home.lead}</p>
          <a className="btn btn-primary btn-large" href={categoryPath({})}>
            {text.home.seeAll}
          </a>
        </div>
        <div className="clothesline" aria-hidden="true">
          {line.map((sock) => (
            <img key={sock} src={sock} alt="" width="480" height="634" fetchPriority="high" />
          ))}
        </div>
      </div>
    </section>
  );
}

/** Pictures of the first stock, by tag. */
const pictures: Record<string, string> = {
  geek: '/catalogue/images/weave2.jpg',
  sport: '/catalogue/images/puma_2.jpeg',
  formal: '/catalogue/images/cross_2.jpeg',
};

function Moods() {
  return (
    <section className="row" aria-labelledby="moods-title">
      <h2 id="moods-title">{text.home.moods}</h2>
      <ul className="moods">
        {text.home.moodTitles.map(([tag, title, words]) => (
          <li key={tag} style={{ backgroundColor: tintOf(pictures[tag]) }}>
            <Picture jpeg={pictures[tag]} alt="" size={240} />
            <a href={categoryPath({ tags: [tag] })}>
              <strong>{title}</strong>
              <span>{words}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Advantages() {
  const words = text.home;
  return (
    <section className="row columns" id="advantages" aria-label={words.advantages}>
      <div>
        <FootIcon />
        <h2>{words.madeTitle}</h2>
        <p>{words.made}</p>
      </div>
      <div>
        <ParcelIcon />
        <h2>{words.shippingTitle}</h2>
        <p>{words.shipping}</p>
      </div>
      <div>
        <StepsIcon />
        <h2>{words.watchTitle}</h2>
        <p>{words.watch}</p>
      </div>
    </section>
  );
}
