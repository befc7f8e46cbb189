import { categoryPath, basketPath } from '../links.ts';
import { useShop } from '../shop.ts';

export function Navbar() {
  const { loggedIn, cart } = useShop();
  const items = (cart.data ?? []).reduce((sum, line) => sum + line.quantity, 0);
  const text = items > 0 ? `${items} item(s) in cart` : '0 items in cart';
  const here = location.pathname;
  const current = (...paths: string[]) => (paths.includes(here) ? 'page' : undefined);
  return (
    <nav id="navbar" aria-label="Shop">
      <div className="container bar">
        <a className="brand" href="/">
          <img src="/catalogue/images/logo.svg" alt="" width="44" height="44" />
          WeaveSocks
        </a>
        <ul>
          <li id="tabIndex">
            <a href="/" aria-current={current('/', '/index.html')}>
              Home
            </a>
          </li>
          <li id="tabCatalogue">
            <a href={categoryPath({})} aria-current={current('/category.html')}>
              Catalogue
            </a>
          </li>
          {loggedIn && (
            <li id="tabAccount">
              <a href="/customer-account.html" aria-current={current('/customer-account.html')}>
                Account
              </a>
            </li>
          )}
        </ul>
        <div id="basket-overview">
          <a href={basketPath} className="btn btn-primary">
            <span id="numItemsInCart">{cart.error ? 'Cart not available' : text}</span>
          </a>
        </div>
      </div>
    </nav>
  );
}
