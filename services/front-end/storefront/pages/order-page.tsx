import { lazy, Suspense } from 'react';
import { AddressLines } from '../customer/address-lines.tsx';
import type { Order } from '../api.ts';
import { detailPath, ordersPath } from '../links.ts';
import { ErrorBoundary } from '../frame/error-boundary.tsx';
import { LoginFirst } from '../customer/login-first.tsx';
import { dollars, shipping, subtotal } from '../cart/money.ts';
import { NoticeBox } from '../ui/notice-box.tsx';
import { problem } from '../ui/notice.ts';
import { isFinal, lastPart, readableTime, statusName, statusOf } from '../orders/order-facts.ts';
import { useShop } from '../shop.ts';
import { StatusBadge } from '../orders/status-badge.tsx';
import { useLiveOrder } from '../orders/use-live-order.ts';
import { useSocks } from '../socks/use-socks.ts';
import { tracing } from '../trace/tracer.ts';

const OrderTrace = lazy(() => import('../trace/order-trace.tsx'));

export function OrderPage() {
  const { loggedIn } = useShop();
  const id = lastPart(new URLSearchParams(location.search).get('order') ?? '');
  return (
    <div className="container">
      <nav id="breadcrumb" aria-label="Breadcrumb">
        <a href="/">Home</a> / <a href={ordersPath}>My orders</a> / <span>Order</span>
      </nav>
      <h1>
        Order <span id="orderNumber"># {id}</span>
      </h1>
      {!loggedIn && <LoginFirst to="see your order" />}
      {loggedIn && (id === '' ? <p>Which order?</p> : <LiveOrder id={id} />)}
    </div>
  );
}

function LiveOrder({ id }: { id: string }) {
  const { order, error } = useLiveOrder(id);
  return (
    <>
      {error !== undefined && <NoticeBox notice={problem(error)} />}
      {order ? <OrderDocument order={order} /> : !error && <p className="muted">Loading…</p>}
      {order && tracing && (
        <ErrorBoundary>
          <Suspense>
            <OrderTrace id={id} done={isFinal(statusOf(order))} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

function OrderDocument({ order }: { order: Order }) {
  const { firstName, lastName } = order.customer;
  const name = `${firstName} ${lastName}`;
  return (
    <>
      <p>
        Placed on <time id="orderDate">{readableTime(order.date)}</time>. Status:{' '}
        <span role="status">
          <StatusBadge id="orderStatus" status={statusOf(order)} />
        </span>
      </p>
      <ol className="history">
        {(order.history ?? []).map(({ status, at }, index) => (
          <li key={index}>
            {statusName(status)} <time dateTime={at}>{readableTime(at)}</time>
          </li>
        ))}
      </ol>
      <OrderLines order={order} />
      <div className="columns">
        <section>
          <h2>Invoice address</h2>
          <div id="addressInvoice">
            <AddressLines address={order.address} name={name} />
          </div>
        </section>
        <section>
          <h2>Shipping address</h2>
          <div id="addressShipping">
            <AddressLines address={order.address} name={name} />
          </div>
        </section>
        <section>
          <h2>Payment</h2>
          <p>Card ending in {order.card.longNum.slice(-4)}</p>
        </section>
      </div>
    </>
  );
}

function OrderLines({ order }: { order: Order }) {
  const socks = useSocks(order.items.map(({ itemId }) => itemId));
  return (
    <table className="lines">
      <thead>
        <tr>
          <th>Product</th>
          <th className="number">Quantity</th>
          <th className="number">Unit price</th>
          <th className="number">Total</th>
        </tr>
      </thead>
      <tbody id="tableOrder">
        {order.items.map(({ itemId, quantity, unitPrice }) => (
          <tr key={itemId}>
            <td>
              <a href={detailPath(itemId)}>{socks.get(itemId)?.name ?? `Sock ${itemId}`}</a>
            </td>
            <td className="number">{quantity}</td>
            <td className="number">{dollars(unitPrice)}</td>
            <td className="number">{dollars(quantity * unitPrice)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th colSpan={3} scope="row">
            Order subtotal
          </th>
          <td className="number" id="orderSubtotal">
            {dollars(subtotal(order.items))}
          </td>
        </tr>
        <tr>
          <th colSpan={3} scope="row">
            Shipping and handling
          </th>
          <td className="number" id="orderShipping">
            {dollars(shipping)}
          </td>
        </tr>
        <tr className="total">
          <th colSpan={3} scope="row">
            Total
          </th>
          <td className="number" id="orderTotal">
            {dollars(order.total)}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
