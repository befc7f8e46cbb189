import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { CartStore } from './cart-store.ts';

const SWEEP_MS = 600_000;

/** Deletes guests' carts that have expired. Several instances may do so at once. */
@Injectable()
export class GuestCartSweep implements OnModuleInit, OnModuleDestroy {
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CartStore,
    private readonly log: JsonLog,
  ) {}

  onModuleInit(): void {
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_MS).unref();
    void this.sweep();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
  }

  private async sweep(): Promise<void> {
    try {
      await this.store.dropExpired();
    } catch (error) {
      this.log.debug('expired carts not deleted', { error }); // the store is unavailable; the next sweep deletes them
    }
  }
}
