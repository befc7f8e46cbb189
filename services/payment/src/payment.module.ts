import { type DynamicModule, Module } from '@nestjs/common';
import { HealthReport, type ServiceDefinition } from '@sockshop/service';
import { PaymentConfig } from './config.ts';
import { PaymentController } from './payment.controller.ts';
import { PaymentService } from './payment.service.ts';

@Module({})
export class PaymentModule {
  static with(config: PaymentConfig): DynamicModule {
    return {
      module: PaymentModule,
      controllers: [PaymentController],
      providers: [
        PaymentService,
        { provide: PaymentConfig, useValue: config },
        {
          provide: HealthReport,
          useValue: new HealthReport({ service: 'payment', timeField: 'time' }),
        },
      ],
    };
  }
}

export function payment(config: PaymentConfig): ServiceDefinition {
  return {
    name: 'payment',
    module: PaymentModule.with(config),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    api: {
      title: 'Sock Shop: payment',
      description: 'Decides by its amount alone whether an order may be paid.',
      tags: { payment: 'The decision.' },
    },
    problem: ({ status, detail, title }) => ({
      error: detail,
      status_code: status,
      status_text: title,
    }),
    http: { legacyRoute: (route) => route.toLowerCase().replace(/[^a-z0-9]+/g, '') },
  };
}
