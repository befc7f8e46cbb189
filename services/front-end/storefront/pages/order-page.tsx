import { lazy, Suspense } from 'react';
import { ApiError } from '../api-error.ts';
import { getOrder, type Order } from '../api.ts';
import { dollars } from '../cart/money.ts';
import { AddressLines } from '../customer/address-lines.tsx';
import { CardLine } from '../customer/card-line.tsx';
import { LoginFirst } from '../customer/login-first.tsx';
import { Breadcrumb } from '../frame/breadcrumb.tsx';
import { ErrorBoundary } from '../frame/error-boundary.tsx';
import { useTitle } from '../frame/use-title.ts';
import { text } from '../i18n/text.ts';
import { ordersPath } from '../links.ts';
import { isFinal, lastPart, readableTime, statusOf, timeOf } from '../orders/order-facts.ts';
import { OrderSteps } from '../orders/order-steps.tsx';
import { StatusBadge } from '../orders/status-badge.tsx';
import { useLive } from '../orders/use-live.ts';
import { useShop } from '../shop.ts';
import { SockLink } from '../socks/sock-link.tsx';
import { useSocks } from '../socks/use-socks.ts';
import { tracing } from '../trace/tracer.ts';
import { Empty } from '../ui/empty.tsx';
import { NoticeBox } from '../ui/notice-box.tsx';
import { problem } from '../ui/notice.ts';
import { Bone, LineSkeletons, PanelSkeleton } from '../ui/skeleton.tsx';

const OrderTrace = lazy(() => import('../trace/order-trace.tsx'));

export function OrderPage() {
  const { loggedIn } = useShop();
  const id = lastPart(new URLSearchParams(location.search).get('order') ?? '');
  const words = text.orders;
  useTitle(`${words.order} # ${id}`);
  return (
    <div className="container">
      <Breadcrumb path={[[words.title, ordersPath]]} here={words.order} />
      <h1>
        {words.order} <span id="orderNumber" className="order-id">{`# ${id}`}</span>
      </h1>
      {!loggedIn && <LoginFirst why={text.customer.toSeeOrder} />}
      {loggedIn && (id === '' ? <p>{words.which}</p> : <LiveOrder id={id} />)}
    </div>
  );
}

function LiveOrder({ id }: { id: string }) {
  const { data: order, error } = useLive(
    id,
    () => getOrder(id),
    (each) => isFinal(statusOf(each)),
  );
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Empty picture="holy" title={text.orders.unknown} hint={text.orders.unknownHint}>
        <a className="btn btn-primary" href={ordersPath}>
          {text.orders.title}
        </a>
      </Empty>
    );
  }
  return (
    <>
      {error !== undefined && <NoticeBox notice={problem(error)} />}
      {order && <OrderDocument order={order} />}
      {!order && error === undefined && <Skeleton />}
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
  const words = text.orders;
  return (
    <>
      <p className="order-head">
        <span role="status">
          <StatusBadge id="orderStatus" status={statusOf(order)} />
        </span>
        <span>
          {words.placedOn} <time id="orderDate">{readableTime(order.date)}</time>
        </span>
        {tracing && <a href="#order-trace">{words.seeTrace}</a>}
      </p>
      <OrderSteps order={order} />
      <div className="with-side side-right">
        <div className="stack">
          <section aria-labelledby="items-title">
            <h2 id="items-title">{words.items}</h2>
            <OrderLines order={order} />
          </section>
        </div>
        <div className="stack">
          <section className="panel">
            <h2>{words.shippingAddress}</h2>
            <div id="addressShipping">
              <AddressLines address={order.address} name={name} />
            </div>
          </section>
          <section className="panel">
            <h2>{words.invoiceAddress}</h2>
            <div id="addressInvoice">
              <AddressLines address={order.address} name={name} />
            </div>
          </section>
          <section className="panel">
            <h2>{words.payment}</h2>
            <CardLine card={order.card} at={timeOf(order.date)} />
          </section>
        </div>
      </div>
    </>
  );
}

function OrderLines({ order }: { order: Order }) {
  const socks = useSocks(order.items.map(({ itemId }) => itemId));
  const words = text.basket;
  return (
    <table className="lines bought">
      <thead>
        <tr>
          <th>{words.product}</th>
          <th className="number">{words.quantity}</th>
          <th className="number">{words.unitPrice}</th>
          <th className="number">{words.total}</th>
        </tr>
      </thead>
      <tbody id="tableOrder">
        {order.items.map(({ itemId, quantity, unitPrice }) => (
          <tr key={itemId}>
            <td>
              <SockLink id={itemId} socks={socks} size={56} />
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
            {words.subtotal}
          </th>
          <td className="number" id="orderSubtotal">
            {dollars(order.subtotal)}
          </td>
        </tr>
        <tr>
          <th colSpan={3} scope="row">
            {words.shipping}
          </th>
          <td className="number" id="orderShipping">
            {dollars(order.shipping)}
          </td>
        </tr>
        <tr className="total">
          <th colSpan={3} scope="row">
            {words.total}
          </th>
          <td className="number" id="orderTotal">
            {dollars(order.total)}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Skeleton() {
  return (
    <div className="waiting" aria-busy="true">
      <span className="hidden">{text.frame.loading}</span>
      <p className="order-head">
        <Bone width={12} height={2} />
      </p>
      <div className="order-steps">
        {['1', '2', '3', '4'].map((step) => (
          <Bone key={step} width={9} height={4} />
        ))}
      </div>
      <div className="with-side side-right">
        <LineSkeletons count={2} />
        <div className="stack">
          <PanelSkeleton lines={4} />
          <PanelSkeleton lines={4} />
        </div>
      </div>
    </div>
  );
}
