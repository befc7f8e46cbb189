import { listOrders } from '../api.ts';
import { LoginFirst } from '../customer/login-first.tsx';
import { text } from '../i18n/text.ts';
import { newestFirst } from '../orders/order-facts.ts';
import { OrdersTable } from '../orders/orders-table.tsx';
import { useShop } from '../shop.ts';
import { Loading } from '../ui/loading.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';

export function OrdersPage() {
  const { loggedIn } = useShop();
  return (
    <div className="container">
      <h1>{text.orders.title}</h1>
      <p>{text.orders.lead}</p>
      {loggedIn ? <Orders /> : <LoginFirst why={text.customer.toSeeOrders} />}
    </div>
  );
}

function Orders() {
  const orders = useLoad(async () => (await listOrders()).sort(newestFirst));
  return (
    <Loading of={orders} skeleton={<Bone width={20} height={12} />}>
      {(list) => <OrdersTable orders={list} firstRows={50} />}
    </Loading>
  );
}
