import { text } from '../i18n/text.ts';
import { accountPath, basketPath, categoryPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { CartIcon } from '../ui/icons.tsx';

/** The shop's pages. */
export function Navbar() {
  const { loggedIn } = useShop();
  const here = location.pathname;
  const current = (...paths: string[]) => (paths.includes(here) ? 'page' : undefined);
  return (
    <nav id="navbar" aria-label={text.frame.shopMenu}>
      <ul>
        <li id="tabIndex">
          <a href="/" aria-current={current('/', '/index.html')}>
            {text.frame.home}
          </a>
        </li>
        <li id="tabCatalogue">
          <a
            className="dropdown-toggle"
            href={categoryPath({})}
            aria-current={current('/category.html')}
          >
            {text.frame.catalogue}
          </a>
        </li>
        {loggedIn && (
          <li id="tabAccount">
            <a href={accountPath} aria-current={current(accountPath)}>
              {text.frame.account}
            </a>
          </li>
        )}
      </ul>
    </nav>
  );
}

/** Narrow screens show the number alone; the words stay for those who listen. Clients of the original look for "1 item(s) in cart". */
export function CartButton() {
  const { cart } = useShop();
  const items = (cart.data?.items ?? []).reduce((sum, line) => sum + line.quantity, 0);
  const unavailable = cart.error !== undefined && !cart.data;
  return (
    <div id="basket-overview">
      <a href={basketPath} className="btn btn-primary">
        <i className="fa fa-shopping-cart">
          <CartIcon />
        </i>
        <span className="count" aria-hidden="true">
          {unavailable ? '?' : items}
        </span>
        <span id="numItemsInCart" role="status">
          {unavailable ? text.frame.cartUnavailable : text.frame.itemsInCart(items)}
        </span>
        {items > 0 && (
          <span className="hidden" aria-hidden="true">{`${items} item(s) in cart`}</span>
        )}
      </a>
    </div>
  );
}
