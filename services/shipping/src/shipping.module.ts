import { type DynamicModule, Module } from '@nestjs/common';
import { MessageBus } from '@sockshop/messaging';
import { shippingTaskTopology } from '@sockshop/queues';
import { HealthReport, JsonLog, type ServiceDefinition } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { ShippingConfig } from './config.ts';
import { ShippingTaskPublisher } from './shipping-task.publisher.ts';
import { ShippingController } from './shipping.controller.ts';

/** Shorter than the 2 s that orders waits, so that orders gets a 503 and not a timeout. */
const PUBLISH_TIMEOUT_MS = 1500;

@Module({})
export class ShippingModule {
  static with(config: ShippingConfig): DynamicModule {
    return {
      module: ShippingModule,
      controllers: [ShippingController],
      providers: [
        ShippingTaskPublisher,
        { provide: ShippingConfig, useValue: config },
        {
          provide: MessageBus,
          inject: [Telemetry, JsonLog],
          useFactory: (telemetry: Telemetry, log: JsonLog) =>
            MessageBus.open(config.busUrl, telemetry, {
              topology: shippingTaskTopology(config.queue),
              log,
              publishTimeoutMs: PUBLISH_TIMEOUT_MS,
            }),
        },
        {
          provide: HealthReport,
          inject: [MessageBus],
          useFactory: (bus: MessageBus) =>
            new HealthReport({
              service: 'shipping',
              timeField: 'date',
              dependencies: { 'shipping-rabbitmq': () => bus.ping() },
              dependenciesFirst: true,
            }),
        },
      ],
    };
  }
}

export function shipping(config: ShippingConfig): ServiceDefinition {
  return {
    name: 'shipping',
    module: ShippingModule.with(config),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    api: {
      title: 'Sock Shop: shipping',
      description: 'Puts shipments into the queue that queue-master consumes.',
      tags: { shipping: 'Shipments.' },
    },
    problem: ({ title, instance }) => ({ timestamp: Date.now(), error: title, path: instance }),
  };
}
