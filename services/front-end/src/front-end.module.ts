import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthReport, type ServiceDefinition } from '@sockshop/service';
import { AddressesController } from './addresses.controller.ts';
import { setAnswerHeaders } from './answer-headers.ts';
import { api } from './api.ts';
import { CardsController } from './cards.controller.ts';
import { CartController } from './cart.controller.ts';
import { CatalogueController } from './catalogue.controller.ts';
import { FrontEndConfig } from './config.ts';
import { CustomerDocuments } from './customer-documents.ts';
import { CustomersController } from './customers.controller.ts';
import { GuestCart } from './guest-cart.ts';
import { LoginController } from './login.controller.ts';
import { OrdersController } from './orders.controller.ts';
import { PagesController } from './pages.controller.ts';
import { Sessions, useSessions } from './session.ts';
import { useStorefrontFiles } from './storefront-files.ts';
import { redirectTrailingSlashes } from './trailing-slash.ts';
import { Upstreams } from './upstreams.ts';

@Module({})
export class FrontEndModule {
  static with(config: FrontEndConfig, now: () => number): DynamicModule {
    return {
      module: FrontEndModule,
      controllers: [
        PagesController,
        CatalogueController,
        CartController,
        LoginController,
        CustomersController,
        AddressesController,
        CardsController,
        OrdersController,
      ],
      providers: [
        Upstreams,
        GuestCart,
        CustomerDocuments,
        { provide: FrontEndConfig, useValue: config },
        { provide: Sessions, useValue: new Sessions(now) },
        {
          provide: HealthReport, // no dependencies: one upstream away must not take the whole shop away
          useValue: new HealthReport({ service: 'front-end', timeField: 'date' }),
        },
      ],
    };
  }
}

/** `now` in milliseconds since the epoch: how old a login is. */
export function frontEnd(config: FrontEndConfig, now: () => number = Date.now): ServiceDefinition {
  return {
    name: 'front-end',
    module: FrontEndModule.with(config, now),
    port: config.port,
    host: config.host,
    api,
    http: {
      // Pages are traced: an action starts with one. What a page is made of would bury it.
      untraced: (path) => path.startsWith('/assets/') || path.startsWith('/catalogue/images/'),
    },
    configure: async (app: NestFastifyApplication) => {
      const fastify = app.getHttpAdapter().getInstance();
      setAnswerHeaders(fastify);
      redirectTrailingSlashes(fastify);
      await useSessions(app, config);
      await useStorefrontFiles(app, config.staticDir);
    },
  };
}
