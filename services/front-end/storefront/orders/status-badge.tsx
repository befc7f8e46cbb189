import type { OrderStatus } from '../api.ts';
import { statusName } from './order-facts.ts';

export function StatusBadge({ id, status }: { id?: string; status: OrderStatus }) {
  return (
    <span id={id} className="status" data-status={status}>
      {statusName(status)}
    </span>
  );
}
