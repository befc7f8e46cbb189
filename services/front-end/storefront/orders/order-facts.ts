import type { Order, OrderStatus } from '../api.ts';
import { language, text } from '../i18n/text.ts';

/** Documents of an original orders service have no status; its pages always said "Shipped". */
export function statusOf(order: Order): OrderStatus {
  return order.status ?? 'SHIPPED';
}

export function statusName(status: OrderStatus): string {
  return text.orders.statuses[status];
}

export function isFinal(status: OrderStatus): boolean {
  return status === 'SHIPPED' || status === 'PAYMENT_FAILED' || status === 'CANCELLED';
}

/** The last part of the self link: order documents carry their id nowhere else. */
export function idOf(order: Order): string {
  return lastPart(order._links.self.href);
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const format = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** `+0000`, as orders writes it, is not read by every browser. */
export function timeOf(date: string): Date {
  return new Date(date.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}

export function readableTime(date: string): string {
  const time = timeOf(date);
  return Number.isNaN(time.getTime()) ? date : format.format(time);
}
