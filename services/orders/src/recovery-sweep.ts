import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, semconv } from '@sockshop/tracing';
import { OrdersConfig } from './config.ts';
import { Fulfilment, PaymentDeclinedError } from './fulfilment.ts';
import type { Order } from './order.ts';
import { OrderStore } from './order-store.ts';

/** Orders looked at in one go. */
const AT_ONCE = 100;

/**
 * Finishes orders that were left behind: their process died, or shipping or carts was away. It goes by the stored state alone. Several instances
 * may sweep at once: `claim` lets one of them work on an order, and every step happens once anyway.
 */
@Injectable()
export class RecoverySweep implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;
  private readonly startedAt = new Date();
  /** The bus inside this process: what was in it when the last process ended must be sent again. */
  private busStartsEmpty: boolean;

  constructor(
    private readonly config: OrdersConfig,
    private readonly store: OrderStore,
    private readonly fulfilment: Fulfilment,
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
    const before = new Date(Date.now() - this.config.sweepAfterMs);
    try {
      if (this.busStartsEmpty) {
        await this.store.reopenShipping(this.startedAt);
        this.busStartsEmpty = false;
      }
      for (const id of await this.store.leftBehind(before, AT_ONCE)) {
        if (this.stopped) return;
        const order = await this.store.claim(id, before);
        if (order) await this.recover(order);
      }
    } catch (error) {
      this.log.debug('sweep interrupted', { error }); // the store is away; there will be another sweep
    }
  }

  private async recover(order: Order): Promise<void> {
    const attributes = {
      [semconv.SOCKSHOP_ORDER_ID]: order.id,
      [semconv.SOCKSHOP_ORDER_STATUS]: order.status,
    };
    await inSpan(this.telemetry, 'recover order', { attributes }, async () => {
      try {
        const paid = order.status === 'CREATED' ? await this.fulfilment.pay(order) : order;
        const { status } = await this.fulfilment.fulfil(paid);
        this.log.log('order taken up again', { orderId: order.id, was: order.status, status });
      } catch (error) {
        if (!(error instanceof PaymentDeclinedError)) throw error;
      }
    }).catch((error: unknown) => {
      this.log.warn('order not recovered yet', { orderId: order.id, error });
    });
  }
}
