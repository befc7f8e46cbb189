import { listenSettings, milliseconds, port, readSettings } from '@sockshop/service';
import { tracingConfig } from '@sockshop/tracing';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ });
const onOff = z.enum(['on', 'off']).transform((text) => text === 'on');

const Settings = z.object({
  ...listenSettings,
  PORT: port.default(8079),
  CATALOGUE_URL: httpUrl.optional(),
  CARTS_URL: httpUrl.optional(),
  ORDERS_URL: httpUrl.optional(),
  USER_URL: httpUrl.optional(),
  /** The original's flag `--domain=x`: the default host names become `catalogue.x` and so on. */
  UPSTREAM_DOMAIN: z.string().optional(),
  /** Bounds one call of an upstream as a whole. */
  UPSTREAM_TIMEOUT_MS: milliseconds.default(2000),
  /** Placing an order takes orders four calls in a row and more: its own deadlines must fit in. */
  ORDER_TIMEOUT_MS: milliseconds.default(8000),
  /** Checkouts under way at once; how long another one waits for its place. */
  CHECKOUT_LIMIT: z.coerce.number().int().min(1).default(32),
  CHECKOUT_WAIT_MS: milliseconds.default(20_000),
  /** 32 bytes in hex or base64, or a passphrase; the same for all front-ends. */
  SESSION_KEY: z.string().min(16).optional(),
  /** Where a key is made and kept when none is given. */
  SESSION_KEY_FILE: z.string().default('.sockshop/session.key'),
  /** The original kept its sessions in Redis with it; sealed cookies need no store. */
  SESSION_REDIS: z.string().optional(),
  /** Where traces are read: what speaks the Zipkin v2 API. Default: where this service's own spans go, if that is a Zipkin. */
  TRACES_URL: httpUrl.optional(),
  /** The same as a browser reaches it, where it has pages that show a trace. */
  TRACES_PUBLIC_URL: httpUrl.optional(),
  /** Where spans go; read by libs/tracing. */
  ZIPKIN: z.string().optional(),
  /** Whether shoppers see the traces of their own visit. */
  TRACE_DRAWER: onOff.default(true),
  /** Whether everybody sees the shop's traffic and traces, without personal data. */
  OBSERVATORY: onOff.default(true),
  /** Whom the Observatory is for, where not for everybody: whoever knows it. */
  OBSERVATORY_PASSWORD: z.string().optional(),
  STATIC_DIR: z.string().default(fileURLToPath(new URL('../dist/storefront', import.meta.url))),
});
type Settings = z.output<typeof Settings>;

/** The only reader of front-end's variables. */
export class FrontEndConfig {
  readonly port: number;
  readonly host: string;
  readonly catalogueUrl: string;
  readonly cartsUrl: string;
  readonly ordersUrl: string;
  readonly userUrl: string;
  readonly upstreamTimeoutMs: number;
  readonly orderTimeoutMs: number;
  readonly checkoutLimit: number;
  readonly checkoutWaitMs: number;
  readonly sessionKey: string | undefined;
  readonly sessionKeyFile: string;
  readonly sessionRedis: string | undefined;
  /** Base URL of the Zipkin v2 API; undefined: traces are kept nowhere. */
  readonly tracesUrl: string | undefined;
  /** Base URL of Zipkin's own pages, for people. */
  readonly tracesPublicUrl: string | undefined;
  readonly traceDrawer: boolean;
  readonly observatory: boolean;
  readonly observatoryPassword: string | undefined;
  /** The storefront as its build left it: index.html and assets/. */
  readonly staticDir: string;

  private constructor(settings: Settings, zipkinUrl: string | undefined) {
    const suffix = settings.UPSTREAM_DOMAIN === undefined ? '' : `.${settings.UPSTREAM_DOMAIN}`;
    this.port = settings.PORT;
    this.host = settings.HOST;
    this.catalogueUrl = settings.CATALOGUE_URL ?? `http://catalogue${suffix}`;
    this.cartsUrl = settings.CARTS_URL ?? `http://carts${suffix}`;
    this.ordersUrl = settings.ORDERS_URL ?? `http://orders${suffix}`;
    this.userUrl = settings.USER_URL ?? `http://user${suffix}`;
    this.upstreamTimeoutMs = settings.UPSTREAM_TIMEOUT_MS;
    this.orderTimeoutMs = settings.ORDER_TIMEOUT_MS;
    this.checkoutLimit = settings.CHECKOUT_LIMIT;
    this.checkoutWaitMs = settings.CHECKOUT_WAIT_MS;
    this.sessionKey = settings.SESSION_KEY;
    this.sessionKeyFile = settings.SESSION_KEY_FILE;
    this.sessionRedis = settings.SESSION_REDIS;
    this.tracesUrl = settings.TRACES_URL ?? /^(.+)\/api\/v2\/spans$/.exec(zipkinUrl ?? '')?.[1];
    this.tracesPublicUrl = settings.TRACES_PUBLIC_URL?.replace(/\/$/, '');
    this.traceDrawer = settings.TRACE_DRAWER;
    this.observatory = settings.OBSERVATORY;
    this.observatoryPassword = settings.OBSERVATORY_PASSWORD;
    this.staticDir = settings.STATIC_DIR;
  }

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): FrontEndConfig {
    const settings = readSettings(Settings, env, argv, { domain: 'UPSTREAM_DOMAIN' });
    const tracing = tracingConfig({ ...env, ZIPKIN: settings.ZIPKIN }); // which may be a flag's
    return new FrontEndConfig(settings, tracing.enabled ? tracing.zipkinUrl : undefined);
  }
}
