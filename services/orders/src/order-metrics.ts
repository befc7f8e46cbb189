import { Injectable } from '@nestjs/common';
import { Telemetry } from '@sockshop/telemetry';
import { ORDER_STATUSES, type OrderStatus } from './order-status.ts';

/** Counts what becomes of orders. Each instance counts the steps that it took itself, so a sum over all has each step once. */
@Injectable()
export class OrderMetrics {
  private readonly transitions;
  private readonly revenue;

  constructor({ metrics }: Telemetry) {
    this.transitions = metrics.counter(
      'sockshop.order.transitions',
      '{order}',
      'Orders that came to this status',
      ['status'],
    );
    // A series that appears with a 1 hides the step from 0.
    for (const status of Object.keys(ORDER_STATUSES)) this.transitions.inc({ status }, 0);
    this.revenue = metrics.counter('sockshop.order.revenue', 'USD', 'Total of the paid orders');
    this.revenue.inc({}, 0);
  }

  /** `total`: of the order, in US dollars. */
  reached(status: OrderStatus, total: number): void {
    this.transitions.inc({ status });
    if (status === 'PAID') this.revenue.inc({}, total);
  }
}
