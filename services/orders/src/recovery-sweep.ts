import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, semconv } from '@sockshop/tracing';
import { Checkout, PaymentDeclinedError } from './checkout.ts';
import { OrdersConfig } from './config.ts';
import type { Order } from './order.ts';
import { OrderStore } from './order-store.ts';

/** Orders of one sweep. */
const BATCH = 100;

/**
 * Finishes the orders that checkout could not finish: its process died, or shipping or carts was unavailable. It reads the stored state
 * only. Several instances may sweep at once: `claim` gives each order to one of them, and every step happens once anyway.
 */
@Injectable()
export class RecoverySweep implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;
  private readonly startedAt = new Date();
  /** The in-process bus has lost the messages that were in it when the last process ended: they must be sent again. */
  private busStartsEmpty: boolean;

  constructor(
    private readonly config: OrdersConfig,
    private readonly store: OrderStore,
    private readonly checkout: Checkout,
    private readonly telemetry: Telemetry,
    private readonly log: JsonLog,
  ) {
    this.busStartsEmpty = config.busUrl.startsWith('memory:');
  }

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
    }, this.config.sweepIntervalMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopped = true;
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    const changedBefore = new Date(Date.now() - this.config.sweepAfterMs);
    try {
      if (this.busStartsEmpty) {
        await this.store.markShipmentsUnsent(this.startedAt);
        this.busStartsEmpty = false;
      }
      for (const id of await this.store.unfinished(changedBefore, BATCH)) {
        if (this.stopped) return;
        const order = await this.store.claim(id, changedBefore);
        if (order) await this.recover(order);
      }
    } catch (error) {
      this.log.debug('sweep interrupted', { error }); // the store is unavailable; the next sweep tries again
    }
  }

  private async recover(order: Order): Promise<void> {
    const attributes = {
      [semconv.SOCKSHOP_ORDER_ID]: order.id,
      [semconv.SOCKSHOP_ORDER_STATUS]: order.status,
    };
    await inSpan(this.telemetry, 'recover order', { attributes }, async () => {
      try {
        const { status } = await this.checkout.resume(order);
        this.log.log('order recovered', { orderId: order.id, was: order.status, status });
      } catch (error) {
        if (!(error instanceof PaymentDeclinedError)) throw error;
      }
    }).catch((error: unknown) => {
      this.log.warn('order not recovered yet', { orderId: order.id, error });
    });
  }
}
