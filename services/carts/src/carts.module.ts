import { type DynamicModule, Module } from '@nestjs/common';
import { HealthReport, JsonLog, type ServiceDefinition } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { CartStore } from './cart-store.ts';
import { CartsController } from './carts.controller.ts';
import { CartsService } from './carts.service.ts';
import { CartsConfig } from './config.ts';
import { GuestCartSweep } from './guest-cart-sweep.ts';

@Module({})
export class CartsModule {
  static with(config: CartsConfig): DynamicModule {
    return {
      module: CartsModule,
      controllers: [CartsController],
      providers: [
        CartsService,
        GuestCartSweep,
        {
          provide: CartStore,
          inject: [Telemetry, JsonLog],
          useFactory: (telemetry: Telemetry, log: JsonLog) => openStore(config, telemetry, log),
        },
        {
          provide: HealthReport,
          inject: [CartStore],
          useFactory: (store: CartStore) =>
            new HealthReport({
              service: 'carts',
              timeField: 'date',
              dependencies: { 'carts-db': () => store.ping() },
            }),
        },
      ],
    };
  }
}

/** Loads only the adapter in use: the embedded shop saves Mongoose's memory. */
async function openStore(
  config: CartsConfig,
  telemetry: Telemetry,
  log: JsonLog,
): Promise<CartStore> {
  if (config.databaseUrl.startsWith('sqlite:')) {
    const { SqliteCartStore } = await import('./cart-store.sqlite.ts');
    return new SqliteCartStore(config.databaseUrl, config, telemetry);
  }
  const { MongoCartStore } = await import('./cart-store.mongo.ts');
  return new MongoCartStore(config.databaseUrl, config, telemetry, log);
}

export function carts(config: CartsConfig): ServiceDefinition {
  return {
    name: 'carts',
    module: CartsModule.with(config),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    api: {
      title: 'Sock Shop: carts',
      description: 'One cart for each customer or guest, with one line for each sock.',
      tags: { carts: 'Carts and their lines.' },
    },
    problem: ({ title, instance }) => ({ timestamp: Date.now(), error: title, path: instance }),
  };
}
