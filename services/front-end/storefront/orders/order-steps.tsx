import type { Order, OrderStatus } from '../api.ts';
import { text } from '../i18n/text.ts';
import { CheckIcon, CloseIcon } from '../ui/icons.tsx';
import { isFinal, readableTime, statusName, statusOf } from './order-facts.ts';

const way: OrderStatus[] = ['CREATED', 'PAID', 'SHIPPING', 'SHIPPED'];

/** The way of an order: what happened, with its time, and what is still to come. */
export function OrderSteps({ order }: { order: Order }) {
  const now = statusOf(order);
  const history = order.history ?? [];
  const happened = history.map(({ status }) => status);
  const toCome = isFinal(now) ? [] : way.filter((status) => !happened.includes(status));
  return (
    <ol className="order-steps" aria-label={text.orders.progress}>
      {history.map(({ status, at }, index) => (
        <li
          key={index}
          data-step={way.includes(status) ? 'done' : 'failed'}
          aria-current={status === now ? 'step' : undefined}
        >
          <span className="step-mark">
            {way.includes(status) ? <CheckIcon /> : <CloseIcon />}
          </span>
          <strong>{statusName(status)}</strong>
          <time dateTime={at}>{readableTime(at)}</time>
        </li>
      ))}
      {toCome.map((status) => (
        <li key={status} data-step="to-come">
          <span className="step-mark" />
          <strong>{statusName(status)}</strong>
          <span className="muted">…</span>
        </li>
      ))}
    </ol>
  );
}
