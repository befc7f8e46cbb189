import {
  brokerUrl,
  configOf,
  count,
  flag,
  meshUrl,
  milliseconds,
  mongoOrSqlite,
} from '@sockshop/service';
import { z } from 'zod';

const database = mongoOrSqlite('orders-db');

/** The only reader of orders' variables. */
export class OrdersConfig extends configOf({
  variables: {
    ...database.variables,
    RABBITMQ_URL: brokerUrl.default('amqp://guest:guest@rabbitmq:5672'),
    USER_URL: z.url().default('http://user'),
    CARTS_URL: z.url().default('http://carts'),
    PAYMENT_URL: z.url().optional(),
    SHIPPING_URL: z.url().optional(),
    MESH_URL: meshUrl,
    /** The original's: appended to the names of payment and shipping. */
    domain: z.string().default(''),
    /** Bounds each call to another service. The original waited 5 s each, one after the other. */
    UPSTREAM_TIMEOUT_MS: milliseconds.default(2000),
    /** An empty cart is refused unless this is true: the original's load test shares one cart among all its users. */
    ALLOW_EMPTY_ORDERS: flag.default(false),
    /** How often the sweep looks for unfinished orders. */
    SWEEP_INTERVAL_MS: milliseconds.default(2000),
    /** How long an order must have been unchanged before the sweep takes it. */
    SWEEP_AFTER_MS: milliseconds.default(10_000),
    /** Whether recovered orders are linked to the traces in which they were created, or continue them. */
    RECOVERY_TRACE: z.enum(['link', 'continue']).default('link'),
    /** How long a parallel request with the same idempotency key waits for the first one. */
    REPEAT_WAIT_MS: milliseconds.default(5000),
    /** Orders being placed at once. */
    CHECKOUT_LIMIT: count.default(32),
    /** How long another order waits: for earlier orders of the same cart, and for its place. With three calls one after the other (read, pay, fulfil) it fits into front-end's 8 s. */
    CHECKOUT_WAIT_MS: milliseconds.default(1500),
  },
  flags: { ...database.flags, domain: 'domain' },
  config: (values, env) => {
    const suffix = values.domain === '' ? '' : `.${values.domain}`;
    return {
      ...database.config(values, env),
      busUrl: values.RABBITMQ_URL,
      upstreams: {
        user: values.USER_URL,
        carts: values.CARTS_URL,
        payment: values.PAYMENT_URL ?? `http://payment${suffix}`,
        shipping: values.SHIPPING_URL ?? `http://shipping${suffix}`,
      },
      meshUrl: values.MESH_URL,
      upstreamTimeoutMs: values.UPSTREAM_TIMEOUT_MS,
      allowEmptyOrders: values.ALLOW_EMPTY_ORDERS,
      sweepIntervalMs: values.SWEEP_INTERVAL_MS,
      sweepAfterMs: values.SWEEP_AFTER_MS,
      recoveryTrace: values.RECOVERY_TRACE,
      repeatWaitMs: values.REPEAT_WAIT_MS,
      checkoutLimit: values.CHECKOUT_LIMIT,
      checkoutWaitMs: values.CHECKOUT_WAIT_MS,
    };
  },
}) {}
