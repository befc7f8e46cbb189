import type { Order } from '../api.ts';
import { dollars } from '../cart/money.ts';
import { text } from '../i18n/text.ts';
import { categoryPath, orderPath } from '../links.ts';
import { Empty } from '../ui/empty.tsx';
import { idOf, readableTime, statusOf } from './order-facts.ts';
import { StatusBadge } from './status-badge.tsx';

interface Props {
  /** Newest first. */
  orders: Order[];
}

export function OrdersTable({ orders }: Props) {
  const words = text.orders;
  if (orders.length === 0) {
    return (
      <Empty picture="cat" title={words.none} hint={words.noneHint}>
        <a className="btn btn-primary" href={categoryPath({})}>
          {text.basket.find}
        </a>
      </Empty>
    );
  }
  return (
    <table className="lines orders">
      <thead>
        <tr>
          <th>{words.order}</th>
          <th>{words.date}</th>
          <th className="number">{words.total}</th>
          <th>{words.status}</th>
          <th>
            <span className="hidden">{words.action}</span>
          </th>
        </tr>
      </thead>
      <tbody id="tableOrders">
        {orders.map((order) => (
          <Row key={idOf(order)} order={order} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ order }: { order: Order }) {
  const id = idOf(order);
  return (
    <tr>
      <th scope="row" id={`order-${id}`} className="order-id">{`# ${id}`}</th>
      <td>
        <time dateTime={order.date}>{readableTime(order.date)}</time>
      </td>
      {/* "$ 22.99" is what clients of the original shop look for. */}
      <td className="number">{dollars(order.total).replace('$', '$ ')}</td>
      <td>
        <StatusBadge status={statusOf(order)} />
      </td>
      <td>
        <a className="btn btn-small" href={orderPath(id)} aria-describedby={`order-${id}`}>
          {text.orders.view}
        </a>
      </td>
    </tr>
  );
}
