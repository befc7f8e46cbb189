import { brokerUrl, flag, listenSettings, milliseconds, readSettings } from '@sockshop/service';
import { z } from 'zod';

const Settings = z.object({
  ...listenSettings,
  RABBITMQ_URL: brokerUrl.optional(),
  /** The original's setting: only the host; port, user and password were fixed. Spring reads it in both spellings. */
  'spring.rabbitmq.host': z.string().optional(),
  SPRING_RABBITMQ_HOST: z.string().default('rabbitmq'),
  SHIPPING_QUEUE: z.string().default('shipping-task'),
  /** False beside original services: they declare the queue so, and a queue cannot be both. */
  SHIPPING_QUEUE_DURABLE: flag.default(true),
  /** How long a shipment takes. Long enough for a shopper to see the order's status change; the original's containers ran 40 s. */
  SHIPPING_DURATION_MS: milliseconds.default(2000),
  /** Shipments under way at the same time; the original started at most 50 containers at once. */
  SHIPPING_PREFETCH: z.coerce.number().int().min(1).max(65_535).default(50),
});

/** The only reader of queue-master's variables. */
export class QueueMasterConfig {
  private constructor(private readonly settings: z.output<typeof Settings>) {}

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): QueueMasterConfig {
    const flags = { 'spring.rabbitmq.host': 'spring.rabbitmq.host' };
    return new QueueMasterConfig(readSettings(Settings, env, argv, flags));
  }

  get port(): number {
    return this.settings.PORT;
  }

  get host(): string {
    return this.settings.HOST;
  }

  get busUrl(): string {
    const { RABBITMQ_URL, SPRING_RABBITMQ_HOST } = this.settings;
    const host = this.settings['spring.rabbitmq.host'] ?? SPRING_RABBITMQ_HOST;
    return RABBITMQ_URL ?? `amqp://guest:guest@${host}:5672`;
  }

  get queue(): { name: string; durable: boolean } {
    const { SHIPPING_QUEUE, SHIPPING_QUEUE_DURABLE } = this.settings;
    return { name: SHIPPING_QUEUE, durable: SHIPPING_QUEUE_DURABLE };
  }

  get shippingDurationMs(): number {
    return this.settings.SHIPPING_DURATION_MS;
  }

  get prefetch(): number {
    return this.settings.SHIPPING_PREFETCH;
  }
}
