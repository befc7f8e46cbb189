import { ActionLink } from '../ui/action-link.tsx';
import { basketPath, categoryPath, ordersPath } from '../links.ts';
import { useShop } from '../shop.ts';

export function Footer() {
  const { loggedIn, openLogin } = useShop();
  return (
    <footer id="footer">
      <div className="container columns">
        <nav aria-label="Pages">
          <h2>Pages</h2>
          <ul>
            <li>
              <a href="/">Home</a>
            </li>
            <li>
              <a href={categoryPath({})}>All socks</a>
            </li>
            <li>
              <a href={basketPath}>Cart</a>
            </li>
          </ul>
        </nav>
        <nav aria-label="You">
          <h2>You</h2>
          <ul>
            <li>
              <a href={ordersPath}>Orders</a>
            </li>
            <li>
              <a href="/customer-wishlist.html">Wishlist</a>
            </li>
            {!loggedIn && (
              <li>
                <ActionLink onAction={openLogin}>Login</ActionLink>
              </li>
            )}
          </ul>
        </nav>
        <nav aria-label="Popular tags">
          <h2>Popular</h2>
          <ul>
            {['magic', 'sport', 'action'].map((tag) => (
              <li key={tag}>
                <a href={categoryPath({ tags: [tag] })}>{tag}</a>
              </li>
            ))}
          </ul>
        </nav>
        <p className="muted">A demonstration shop: nothing is charged, nothing is sent.</p>
      </div>
    </footer>
  );
}
