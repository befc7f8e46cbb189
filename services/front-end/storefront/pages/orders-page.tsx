import { LoginFirst } from '../customer/login-first.tsx';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { ordersPageFrom, ordersPagePath } from '../links.ts';
import { OrdersTable } from '../orders/orders-table.tsx';
import { useOrders } from '../orders/use-orders.ts';
import { useShop } from '../shop.ts';
import { Loading } from '../ui/loading.tsx';
import { TableSkeleton } from '../ui/skeleton.tsx';

export function OrdersPage() {
  const { loggedIn } = useShop();
  useTitle(text.orders.title);
  return (
    <div className="container">
      <h1>{text.orders.title}</h1>
      <p>{text.orders.lead}</p>
      {loggedIn ? <Orders /> : <LoginFirst why={text.customer.toSeeOrders} />}
    </div>
  );
}

/** A customer shared by load generators has thousands of orders. */
const size = 50;

function Orders() {
  const page = ordersPageFrom(location.search);
  const found = useOrders(page, size);
  return (
    <Loading of={found} skeleton={<TableSkeleton rows={6} />}>
      {({ orders, older }) => (
        <>
          {orders.length === 0 && page > 1 ? (
            <p>{text.orders.noOlder}</p>
          ) : (
            <OrdersTable orders={orders} />
          )}
          {(older || page > 1) && (
            <nav className="older" aria-label={text.orders.pages}>
              {page > 1 && (
                <a className="btn" rel="prev" href={ordersPagePath(page - 1)}>
                  {text.orders.newer}
                </a>
              )}
              {older && (
                <a className="btn" rel="next" href={ordersPagePath(page + 1)}>
                  {text.orders.older}
                </a>
              )}
            </nav>
          )}
        </>
      )}
    </Loading>
  );
}
