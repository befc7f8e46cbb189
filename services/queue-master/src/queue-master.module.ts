import { type DynamicModule, Module } from '@nestjs/common';
import { MessageBus } from '@sockshop/messaging';
import { SHIPMENT_EVENTS_EXCHANGE, shippingTaskTopology } from '@sockshop/queues';
import { HealthReport, JsonLog, type ServiceDefinition } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { QueueMasterConfig } from './config.ts';
import { ShipmentEventsPublisher } from './shipment-events.publisher.ts';
import { ShippingTaskConsumer } from './shipping-task.consumer.ts';

@Module({})
export class QueueMasterModule {
  static with(config: QueueMasterConfig): DynamicModule {
    return {
      module: QueueMasterModule,
      providers: [
        ShippingTaskConsumer,
        { provide: QueueMasterConfig, useValue: config },
        {
          provide: MessageBus,
          inject: [Telemetry, JsonLog],
          useFactory: (telemetry: Telemetry, log: JsonLog) =>
            MessageBus.open(config.busUrl, telemetry, {
              topology: shippingTaskTopology(config.queue),
              log,
            }),
        },
        {
          provide: ShipmentEventsPublisher,
          inject: [Telemetry, JsonLog],
          useFactory: async (telemetry: Telemetry, log: JsonLog) =>
            new ShipmentEventsPublisher(
              await MessageBus.open(config.busUrl, telemetry, {
                topology: SHIPMENT_EVENTS_EXCHANGE,
                log,
              }),
            ),
        },
        {
          provide: HealthReport,
          inject: [MessageBus, ShipmentEventsPublisher],
          useFactory: (tasks: MessageBus, events: ShipmentEventsPublisher) =>
            new HealthReport({
              service: 'queue-master',
              timeField: 'date',
              dependencies: {
                'queue-master-rabbitmq': () => Promise.all([tasks.ping(), events.ping()]),
              },
            }),
        },
      ],
    };
  }
}

export function queueMaster(config: QueueMasterConfig): ServiceDefinition {
  return {
    name: 'queue-master',
    module: QueueMasterModule.with(config),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    api: {
      title: 'Sock Shop: queue-master',
      description:
        'Consumes shipments from the queue, ships them and publishes an event for each. It has routes for operators only.',
    },
    problem: ({ title, instance }) => ({ timestamp: Date.now(), error: title, path: instance }),
  };
}
