import { brokerUrl, flag, listenSettings, milliseconds, readSettings } from '@sockshop/service';
import { z } from 'zod';

const Settings = z.object({
  ...listenSettings,
  /** `mongodb://…` or `sqlite:PATH`. */
  DATABASE_URL: z.string().optional(),
  MONGO_URL: z.string().optional(),
  /** The original's variable: only the host; port and database were fixed. */
  db: z.string().default('orders-db'),
  RABBITMQ_URL: brokerUrl.default('amqp://guest:guest@rabbitmq:5672'),
  USER_URL: z.url().default('http://user'),
  CARTS_URL: z.url().default('http://carts'),
  PAYMENT_URL: z.url().optional(),
  SHIPPING_URL: z.url().optional(),
  /** The original's: appended to the names of payment and shipping. */
  domain: z.string().default(''),
  /** Bounds each call to another service. The original waited 5 s each, one after the other. */
  UPSTREAM_TIMEOUT_MS: milliseconds.default(2000),
  /** An empty cart is refused unless this is true: the original's load test shares one cart among all its users. */
  ALLOW_EMPTY_ORDERS: flag.default(false),
  /** How often unfinished orders are looked for, and how long one must have rested before it counts as left behind. */
  SWEEP_INTERVAL_MS: milliseconds.default(2000),
  SWEEP_AFTER_MS: milliseconds.default(10_000),
  /** How long a parallel request with the same idempotency key waits for the first one. */
  REPEAT_WAIT_MS: milliseconds.default(5000),
  /** Orders being placed at once; how long another one waits for its place: with three calls in a row it fits into front-end's 8 s. */
  CHECKOUT_LIMIT: z.coerce.number().int().min(1).default(32),
  CHECKOUT_WAIT_MS: milliseconds.default(1500),
});

/** The only reader of orders' variables. */
export class OrdersConfig {
  private constructor(private readonly settings: z.output<typeof Settings>) {}

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): OrdersConfig {
    return new OrdersConfig(readSettings(Settings, env, argv, { db: 'db', domain: 'domain' }));
  }

  get port(): number {
    return this.settings.PORT;
  }

  get host(): string {
    return this.settings.HOST;
  }

  get databaseUrl(): string {
    const { DATABASE_URL, MONGO_URL, db } = this.settings;
    return DATABASE_URL ?? MONGO_URL ?? `mongodb://${db}:27017/data`;
  }

  get busUrl(): string {
    return this.settings.RABBITMQ_URL;
  }

  /** Base URLs of the services that orders calls. */
  get upstreams() {
    const { USER_URL, CARTS_URL, PAYMENT_URL, SHIPPING_URL, domain } = this.settings;
    const suffix = domain === '' ? '' : `.${domain}`;
    return {
      user: USER_URL,
      carts: CARTS_URL,
      payment: PAYMENT_URL ?? `http://payment${suffix}`,
      shipping: SHIPPING_URL ?? `http://shipping${suffix}`,
    };
  }

  get upstreamTimeoutMs(): number {
    return this.settings.UPSTREAM_TIMEOUT_MS;
  }

  get allowEmptyOrders(): boolean {
    return this.settings.ALLOW_EMPTY_ORDERS;
  }

  get sweepIntervalMs(): number {
    return this.settings.SWEEP_INTERVAL_MS;
  }

  get sweepAfterMs(): number {
    return this.settings.SWEEP_AFTER_MS;
  }

  get repeatWaitMs(): number {
    return this.settings.REPEAT_WAIT_MS;
  }

  get checkoutLimit(): number {
    return this.settings.CHECKOUT_LIMIT;
  }

  get checkoutWaitMs(): number {
    return this.settings.CHECKOUT_WAIT_MS;
  }
}
