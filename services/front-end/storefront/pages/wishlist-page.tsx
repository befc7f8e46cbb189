import { categoryPath } from '../links.ts';

export function WishlistPage() {
  return (
    <div className="container">
      <h1>My wishlist</h1>
      <p>
        This shop keeps no wishlists. Your cart waits for you instead: put a sock in, and it is
        still there when you come back. <a href={categoryPath({})}>See all socks</a>.
      </p>
    </div>
  );
}
