import { text } from '../storefront/i18n/text.ts';

const t = text.observatory;

export function NoTraffic() {
  return (
    <section className="panel no-traffic" aria-labelledby="no-traffic">
      <svg viewBox="0 0 120 48" aria-hidden="true">
        <path d="M22 24h26M72 24h26" />
        <circle cx="12" cy="24" r="9" />
        <circle cx="60" cy="24" r="11" />
        <circle cx="108" cy="24" r="9" />
      </svg>
      <h2 id="no-traffic">{t.noTraffic}</h2>
      <p>{t.noTrafficWhy}</p>
      <ul>
        <li>
          <a className="button main" href="/">
            {t.openShop}
          </a>
          <span>{t.openShopWhy}</span>
        </li>
        <li>
          <code>npm run load</code>
          <span>{t.loadWhy}</span>
        </li>
      </ul>
    </section>
  );
}
