import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthReport, JsonLog, type Problem, type ServiceDefinition } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import type { FastifyRequest } from 'fastify';
import { AddressesController } from './addresses.controller.ts';
import { responseHeaders } from './response-headers.ts';
import { api } from './api.ts';
import { CardsController } from './cards.controller.ts';
import { CartController } from './cart.controller.ts';
import { CatalogueController } from './catalogue.controller.ts';
import { FrontEndConfig } from './config.ts';
import { UserClient } from './user.client.ts';
import { CustomersController } from './customers.controller.ts';
import { GuestCart } from './guest-cart.ts';
import { LoginController } from './login.controller.ts';
import { MeshClient } from './mesh/mesh.client.ts';
import { MeshController } from './mesh/mesh.controller.ts';
import { OrdersController } from './orders.controller.ts';
import { ORIGINAL_FILES } from './original-files.ts';
import { PagesController } from './pages.controller.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { SessionKey, sessionKey } from './session-key.ts';
import { Sessions, useSessions } from './session.ts';
import { serveAssets, serveOriginalFiles, StorefrontFiles } from './storefront-files.ts';
import { BrowserSpansController } from './traces/browser-spans.controller.ts';
import { BrowserSpanIntake, limitBody } from './traces/browser-spans.ts';
import { ObservatoryController } from './traces/observatory.controller.ts';
import { admitOrigins } from './traces/other-origins.ts';
import { TraceLogs } from './traces/trace-logs.ts';
import { TraceStoreClient } from './traces/trace-store.client.ts';
import { TrafficWatch } from './traces/traffic-watch.ts';
import { VisitorTracesController } from './traces/visitor-traces.controller.ts';
import { redirectTrailingSlashes } from './trailing-slash.ts';
import { showUnknownPages } from './unknown-page.ts';
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
        ...(hasDrawer(config) ? [VisitorTracesController, BrowserSpansController] : []),
        ...(config.observatory ? [ObservatoryController] : []),
        ...(config.observatory && config.meshControl !== undefined ? [MeshController] : []),
      ],
      providers: [
        Upstreams,
        GuestCart,
        UserClient,
        { provide: FrontEndConfig, useValue: config },
        {
          provide: StorefrontFiles,
          useFactory: (log: JsonLog) => storefrontFiles(config.staticDir, log),
          inject: [JsonLog],
        },
        TraceStoreClient,
        TraceLogs,
        MeshClient,
        {
          provide: SessionKey,
          useFactory: (log: JsonLog) => new SessionKey(sessionKey(config, log)),
          inject: [JsonLog],
        },
        {
          provide: Pseudonyms,
          useFactory: (key: SessionKey) => new Pseudonyms(key),
          inject: [SessionKey],
        },
        {
          provide: Sessions,
          useFactory: (names: Pseudonyms) => new Sessions(names, now, config.userNameBaggage),
          inject: [Pseudonyms],
        },
        {
          provide: BrowserSpanIntake,
          useFactory: (telemetry: Telemetry) => new BrowserSpanIntake(telemetry, now),
          inject: [Telemetry],
        },
        {
          provide: TrafficWatch,
          useFactory: (store: TraceStoreClient) => new TrafficWatch(store, now),
          inject: [TraceStoreClient],
        },
        {
          provide: HealthReport, // no dependencies: an unavailable upstream must not make the whole shop unavailable
          useValue: new HealthReport({ service: 'front-end', timeField: 'date' }),
        },
      ],
    };
  }
}

function storefrontFiles(staticDir: string, log: JsonLog): StorefrontFiles {
  const files = new StorefrontFiles(staticDir);
  if (!files.find('index.html'))
    log.warn('no storefront there: pages answer 404 until it is built', { staticDir });
  return files;
}

/** Without a trace store the drawer has nothing to show. */
function hasDrawer({ traceDrawer, tracesUrl }: FrontEndConfig): boolean {
  return traceDrawer && tracesUrl !== undefined;
}

/** Those of the shop, and unknown ones, which a browser gets with 404. A trailing slash is redirected. */
function answersPage({ method, url, routeOptions }: FastifyRequest): boolean {
  const route = routeOptions.url;
  if (method !== 'GET') return false;
  return route === undefined ? !url.endsWith('/') : route === '/' || route.endsWith('.html');
}

/** `now` in milliseconds since the epoch: how old a login is. */
export function frontEnd(config: FrontEndConfig, now: () => number = Date.now): ServiceDefinition {
  return {
    name: 'front-end',
    module: FrontEndModule.with(config, now),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    trustedProxies: config.trustedProxies,
    api,
    responseHeaders,
    problem: emptyShape,
    http: {
      edge: true,
      // Files; and what is unknown or switched off where the routes are not traced either.
      untracedBelow: [
        '/assets/',
        '/catalogue/images/',
        '/trace/',
        '/v1/',
        '/observatory/',
        ...ORIGINAL_FILES,
      ],
      serverTiming: hasDrawer(config), // what browsers send their spans for
      isPage: answersPage,
      trust: config.traceTrust,
    },
    configure: async (app: NestFastifyApplication) => {
      const fastify = app.getHttpAdapter().getInstance();
      const files = app.get(StorefrontFiles, { strict: false });
      limitBody(fastify);
      admitOrigins(app, config.traceOrigins);
      redirectTrailingSlashes(fastify);
      showUnknownPages(fastify, config, files);
      await useSessions(app, config);
      serveAssets(fastify, files);
      serveOriginalFiles(fastify, files);
      fastify.addHook('preClose', () => {
        app.get(OrdersController).closeCheckouts();
        return Promise.resolve();
      });
    },
  };
}

/** What scripts and pages of the original read of any response: its front-end answered 200 to nearly everything. */
function emptyShape({ instance }: Problem): Record<string, unknown> {
  if (instance === '/tags') return { tags: [] };
  return instance === '/catalogue/size' ? { size: 0 } : {};
}
