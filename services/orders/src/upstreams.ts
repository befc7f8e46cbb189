import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { Upstream } from '@sockshop/upstream';
import { OrdersConfig } from './config.ts';

/** The four services that orders calls. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  readonly user: Upstream;
  readonly carts: Upstream;
  readonly payment: Upstream;
  readonly shipping: Upstream;

  constructor(config: OrdersConfig, telemetry: Telemetry, log: JsonLog) {
    const to = (name: 'user' | 'carts' | 'payment' | 'shipping'): Upstream =>
      new Upstream({
        name,
        baseUrl: config.upstreams[name],
        timeoutMs: config.upstreamTimeoutMs,
        meshUrl: config.meshUrl,
        telemetry,
        log,
      });
    this.user = to('user');
    this.carts = to('carts');
    this.payment = to('payment');
    this.shipping = to('shipping');
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.user, this.carts, this.payment, this.shipping].map((u) => u.close()));
  }
}
