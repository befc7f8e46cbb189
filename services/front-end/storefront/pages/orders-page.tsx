import { LoginFirst } from '../customer/login-first.tsx';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
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

function Orders() {
  const orders = useOrders();
  return (
    <Loading of={orders} skeleton={<TableSkeleton rows={6} />}>
      {(list) => <OrdersTable orders={list} firstRows={50} />}
    </Loading>
  );
}
