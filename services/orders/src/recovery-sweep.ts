import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { Checkout, PaymentDeclinedError } from './checkout.ts';
import { OrdersConfig } from './config.ts';
import type { Order } from './order.ts';
import { type OrderStatus, type Task, tasksLeft } from './order-status.ts';
import { OrderStore } from './order-store.ts';
import { RecoverySpans } from './recovery-spans.ts';
import { StuckOrders, type Turn } from './stuck-orders.ts';

/** An attempt that left something undone: the calls below its span say why. */
class OrderUnfinishedError extends Error {
  override readonly name = 'OrderUnfinishedError';
  readonly reason = 'unfinished';

  constructor(left: readonly Task[], cause: unknown) {
    super(`left undone: ${left.join(', ')}`, { cause });
  }
}

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
    private readonly stuck: StuckOrders,
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
    const spans = new RecoverySpans(this.telemetry, this.config.recoveryTrace);
    this.stuck.beginSweep();
    try {
      if (this.busStartsEmpty) {
        await this.store.markShipmentsUnsent(this.startedAt);
        this.busStartsEmpty = false;
      }
      for (const id of await this.store.unfinished(changedBefore, BATCH)) {
        if (this.stopped) return;
        const order = await this.store.claim(id, changedBefore);
        const turn = order && (await this.stuck.turnOf(id));
        if (order && turn && turn !== 'wait') await this.recover(order, turn, spans);
      }
    } catch (error) {
      this.log.debug('sweep interrupted', { error }); // the store is unavailable; the next sweep tries again
    } finally {
      spans.end();
    }
  }

  private async recover(
    order: Order,
    turn: Exclude<Turn, 'wait'>,
    spans: RecoverySpans,
  ): Promise<void> {
    const { id: orderId, status: was } = order;
    let repeated = false;
    await spans
      .recover(order, turn, async (attempt) => {
        const { left, status, error } = await this.attempt(order);
        repeated = this.stuck.ended(orderId, left, attempt);
        if (left.length > 0) throw new OrderUnfinishedError(left, error);
        this.log.log('order recovered', { orderId, was, status });
      })
      .catch((error: unknown) => {
        this.log[repeated ? 'debug' : 'warn']('order not recovered yet', { orderId, error });
      });
  }

  /** What an attempt left undone, and the error that ended it early. */
  private async attempt(
    order: Order,
  ): Promise<{ left: Task[]; status: OrderStatus; error?: unknown }> {
    try {
      const now = await this.checkout.resume(order);
      return { left: tasksLeft(now.status, now), status: now.status };
    } catch (error) {
      if (error instanceof PaymentDeclinedError) return { left: [], status: 'PAYMENT_FAILED' };
      const { status } = order;
      const left: Task[] = status === 'CREATED' ? ['pay'] : tasksLeft(status, order); // nothing else is tried before it is paid
      return { left, status, error };
    }
  }
}
