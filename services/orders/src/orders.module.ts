import { type DynamicModule, Module } from '@nestjs/common';
import { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_EVENTS_TOPOLOGY } from '@sockshop/queues';
import { HealthReport, JsonLog, type ServiceDefinition } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { CartTurns } from './cart-turns.ts';
import { Checkout } from './checkout.ts';
import { OrdersConfig } from './config.ts';
import { Fulfilment } from './fulfilment.ts';
import { Idempotency } from './idempotency.ts';
import { OrderMetrics } from './order-metrics.ts';
import { OrderPartsReader } from './order-parts.ts';
import { OrderStore } from './order-store.ts';
import { OrdersController } from './orders.controller.ts';
import { RecoverySweep } from './recovery-sweep.ts';
import { ShipmentEventsConsumer } from './shipment-events.consumer.ts';
import { StuckOrders } from './stuck-orders.ts';
import { Upstreams } from './upstreams.ts';

@Module({})
export class OrdersModule {
  static with(config: OrdersConfig): DynamicModule {
    return {
      module: OrdersModule,
      controllers: [OrdersController],
      providers: [
        CartTurns,
        Checkout,
        Idempotency,
        OrderMetrics,
        OrderPartsReader,
        Fulfilment,
        RecoverySweep,
        StuckOrders,
        ShipmentEventsConsumer,
        Upstreams,
        { provide: OrdersConfig, useValue: config },
        {
          provide: OrderStore,
          inject: [Telemetry, JsonLog],
          useFactory: (telemetry: Telemetry, log: JsonLog) => openStore(config, telemetry, log),
        },
        {
          provide: MessageBus,
          inject: [Telemetry, JsonLog],
          useFactory: (telemetry: Telemetry, log: JsonLog) =>
            MessageBus.open(config.busUrl, telemetry, { topology: SHIPMENT_EVENTS_TOPOLOGY, log }),
        },
        {
          provide: HealthReport,
          inject: [OrderStore],
          useFactory: (store: OrderStore) =>
            new HealthReport({
              service: 'orders',
              timeField: 'date',
              dependencies: { 'orders-db': () => store.ping() },
            }),
        },
      ],
    };
  }
}

/** The adapter is loaded only when it is used: Mongoose would cost the embedded way memory for nothing. */
async function openStore(
  config: OrdersConfig,
  telemetry: Telemetry,
  log: JsonLog,
): Promise<OrderStore> {
  if (config.databaseUrl.startsWith('sqlite:')) {
    const { SqliteOrderStore } = await import('./order-store.sqlite.ts');
    return new SqliteOrderStore(config.databaseUrl, telemetry);
  }
  const { MongoOrderStore } = await import('./order-store.mongo.ts');
  return new MongoOrderStore(config.databaseUrl, telemetry, log);
}

export function orders(config: OrdersConfig): ServiceDefinition {
  return {
    name: 'orders',
    module: OrdersModule.with(config),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    api: {
      title: 'Sock Shop: orders',
      description:
        'Places orders and follows them until they are shipped. Documents are HAL. A caller that accepts `application/json` gets the same body with that type.',
      tags: { orders: 'Orders.' },
    },
    configure: (app) => {
      const fastify = app.getHttpAdapter().getInstance();
      fastify.addHook('preClose', () => {
        app.get(Checkout).refuseWaiting();
        return Promise.resolve();
      });
      return Promise.resolve();
    },
    problem: ({ title, instance = '' }) => ({
      timestamp: Date.now(),
      error: title,
      path: instance,
      // The original front-end reads the list of any response to a search, and ends without one.
      ...(/^\/orders\/search\/./.test(instance) && { _embedded: { customerOrders: [] } }),
    }),
  };
}
