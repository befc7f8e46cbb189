import { type DynamicModule, Module } from '@nestjs/common';
import { HealthReport, JsonLog, type Problem, type ServiceDefinition } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { AccountsService } from './accounts.service.ts';
import { AddressesController } from './addresses.controller.ts';
import { CardsController } from './cards.controller.ts';
import { UserConfig } from './config.ts';
import { CustomersController } from './customers.controller.ts';
import { Hal } from './hal.ts';
import { UserStore } from './user-store.ts';

@Module({})
export class UserModule {
  static with(config: UserConfig): DynamicModule {
    return {
      module: UserModule,
      controllers: [CustomersController, AddressesController, CardsController],
      providers: [
        AccountsService,
        Hal,
        { provide: UserConfig, useValue: config },
        {
          provide: UserStore,
          inject: [Telemetry, JsonLog],
          useFactory: (telemetry: Telemetry, log: JsonLog) => openStore(config, telemetry, log),
        },
        {
          provide: HealthReport,
          inject: [UserStore],
          useFactory: (store: UserStore) =>
            new HealthReport({
              service: 'user',
              timeField: 'time',
              mediaType: 'application/hal+json',
              dependencies: { 'user-db': () => store.ping() },
            }),
        },
      ],
    };
  }
}

/** Loads only the adapter in use: the embedded shop saves Mongoose's memory. */
async function openStore(
  config: UserConfig,
  telemetry: Telemetry,
  log: JsonLog,
): Promise<UserStore> {
  if (config.databaseUrl.startsWith('sqlite:')) {
    const { SqliteUserStore } = await import('./user-store.sqlite.ts');
    return new SqliteUserStore(config.databaseUrl, telemetry);
  }
  const { MongoUserStore } = await import('./user-store.mongo.ts');
  return new MongoUserStore(config.databaseUrl, telemetry, log);
}

/** Where front-end may call from. It sends the shopper's address and nothing that the shopper has sent. */
const INSIDE = ['loopback', 'linklocal', 'uniquelocal'];

export function user(config: UserConfig): ServiceDefinition {
  return {
    name: 'user',
    module: UserModule.with(config),
    port: config.port,
    host: config.host,
    allowedHosts: config.allowedHosts,
    trustedProxies: [...INSIDE, ...(config.trustedProxies ?? [])],
    api: {
      title: 'Sock Shop: user',
      description:
        'Accounts with their addresses and cards, as HAL documents. This API is not public: every caller can read everything, and front-end shows each customer only their own. Error bodies contain `status_code` 500 whatever the status is, except for 401: the original front-end reads it.',
      tags: { customers: 'Accounts.', addresses: 'Where to ship to.', cards: 'What to pay with.' },
      securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
    },
    problem: (problem, method) => ({
      ...originalError(problem),
      ...(method === 'GET' && emptyShape(problem.instance, config.linkDomain)),
    }),
    // The original's metrics contain only the first segment.
    http: { legacyRoute: (route) => route.split('/')[1] ?? route },
  };
}

/** The original's pages recognise every error by `status_code` 500 in the body, except 401. */
function originalError({ status, title, detail }: Problem): Record<string, unknown> {
  if (status === 401) return { error: title, status_code: 401, status_text: title };
  return { error: detail, status_code: 500, status_text: 'Internal Server Error' };
}

/** What the original front-end reads of any response: it ends where that is missing. Links lead to the same error. */
function emptyShape(path: string | undefined, linkDomain: string): Record<string, unknown> {
  const [, kind = '', id, part] = (path ?? '').split('/');
  if (kind === 'customers' && id !== undefined && part === undefined) {
    const customer = `http://${linkDomain}/customers/${id}`;
    const href = (rest = '') => ({ href: `${customer}${rest}` });
    return {
      _links: { customer: href(), addresses: href('/addresses'), cards: href('/cards') },
    };
  }
  const listed = id === undefined ? kind : (part ?? '');
  const list = { customers: 'customer', addresses: 'address', cards: 'card' }[listed];
  return list === undefined ? {} : { _embedded: { [list]: [] } };
}
