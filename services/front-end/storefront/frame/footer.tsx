import { tagName, text } from '../i18n/text.ts';
import { basketPath, categoryPath, ordersPath } from '../links.ts';
import { saidWithPage } from '../said-with-page.ts';
import { useShop } from '../shop.ts';
import { ActionLink } from '../ui/action-link.tsx';

const observatory = saidWithPage('observatory') !== 'off';

export function Footer() {
  const { loggedIn, openLogin } = useShop();
  const { footer, home, login } = text.frame;
  return (
    <footer id="footer">
      <div className="container columns">
        <p className="tagline">
          <strong>{text.frame.brand}</strong>
          {footer.tagline}
        </p>
        <nav aria-label={footer.pages}>
          <h2>{footer.pages}</h2>
          <ul>
            <li>
              <a href="/">{home}</a>
            </li>
            <li>
              <a href={categoryPath({})}>{footer.allSocks}</a>
            </li>
            <li>
              <a href={basketPath}>{footer.cart}</a>
            </li>
          </ul>
        </nav>
        <nav aria-label={footer.you}>
          <h2>{footer.you}</h2>
          <ul>
            <li>
              <a href={ordersPath}>{footer.orders}</a>
            </li>
            {!loggedIn && (
              <li>
                <ActionLink onAction={openLogin}>{login}</ActionLink>
              </li>
            )}
          </ul>
        </nav>
        <nav aria-label={footer.popular}>
          <h2>{footer.popular}</h2>
          <ul>
            {['magic', 'sport', 'action'].map((tag) => (
              <li key={tag}>
                <a href={categoryPath({ tags: [tag] })}>{tagName(tag)}</a>
              </li>
            ))}
          </ul>
        </nav>
        <nav aria-label={footer.behind}>
          <h2>{footer.behind}</h2>
          <ul>
            {observatory && (
              <li>
                <a href="/observatory">{footer.observatory}</a>
              </li>
            )}
            <li>
              <a href="/docs">{footer.api}</a>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
