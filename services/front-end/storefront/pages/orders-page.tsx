import { useState } from 'react';
import { listOrders, type Order } from '../api.ts';
import { orderPath } from '../links.ts';
import { Loading } from '../ui/loading.tsx';
import { LoginFirst } from '../customer/login-first.tsx';
import { idOf, readableTime, statusOf } from '../orders/order-facts.ts';
import { useShop } from '../shop.ts';
import { StatusBadge } from '../orders/status-badge.tsx';
import { useLoad } from '../ui/use-load.ts';

export function OrdersPage() {
  const { loggedIn } = useShop();
  return (
    <div className="container">
      <h1>My orders</h1>
      <p>Your orders in one place.</p>
      {loggedIn ? <Orders /> : <LoginFirst to="see your orders" />}
    </div>
  );
}

/** A customer shared by load generators has thousands. */
const firstRows = 50;

function Orders() {
  const [all, setAll] = useState(false);
  const orders = useLoad(async () => (await listOrders()).sort(newestFirst));
  return (
    <Loading of={orders}>
      {(list) => (
        <>
          <table className="lines">
            <thead>
              <tr>
                <th>Order</th>
                <th>Date</th>
                <th className="number">Total</th>
                <th>Status</th>
                <th>Action</th>
              </tr>
            </thead>
            <tbody id="tableOrders">
              {list.slice(0, all ? undefined : firstRows).map((order) => (
                <Row key={idOf(order)} order={order} />
              ))}
            </tbody>
          </table>
          {list.length === 0 && <p>No orders yet.</p>}
          {!all && list.length > firstRows && (
            <button
              type="button"
              className="btn"
              onClick={() => {
                setAll(true);
              }}
            >
              Show all {list.length} orders
            </button>
          )}
        </>
      )}
    </Loading>
  );
}

function Row({ order }: { order: Order }) {
  const id = idOf(order);
  return (
    <tr>
      <th scope="row" className="order-id">{`# ${id}`}</th>
      <td>
        <time dateTime={order.date}>{readableTime(order.date)}</time>
      </td>
      <td className="number">{`$ ${order.total.toFixed(2)}`}</td>
      <td>
        <StatusBadge status={statusOf(order)} />
      </td>
      <td>
        <a className="btn btn-small" href={orderPath(id)}>
          View
        </a>
      </td>
    </tr>
  );
}

function newestFirst(one: Order, other: Order): number {
  return other.date.localeCompare(one.date);
}
