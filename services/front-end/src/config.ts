import { configOf, count, meshUrl, milliseconds } from '@sockshop/service';
import { tracingConfig } from '@sockshop/tracing';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { callerTrust } from './caller-trust.ts';

const httpUrl = z.url({ protocol: /^https?$/ });
/** Separated by commas. */
const origins = z.string().transform((text, context) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => {
      const origin = URL.canParse(word) ? new URL(word).origin : '';
      if (origin !== word) context.addIssue(`${word} is not an origin such as https://example.com`);
      return origin;
    }),
);
const onOff = z.enum(['on', 'off']).transform((text) => text === 'on');

/** The only reader of front-end's variables. */
export class FrontEndConfig extends configOf({
  variables: {
    CATALOGUE_URL: httpUrl.optional(),
    CARTS_URL: httpUrl.optional(),
    ORDERS_URL: httpUrl.optional(),
    USER_URL: httpUrl.optional(),
    MESH_URL: meshUrl,
    /** The original's flag `--domain=x`: the default host names become `catalogue.x` and so on. */
    UPSTREAM_DOMAIN: z.string().optional(),
    /** Bounds one call of an upstream as a whole. */
    UPSTREAM_TIMEOUT_MS: milliseconds.default(2000),
    /** Time for the slowest `POST /orders`: orders waits 1.5 s for its turn, then makes three calls one after the other, 2 s each. */
    ORDER_TIMEOUT_MS: milliseconds.default(8000),
    /** Time for a login or a registration: a password is hashed, behind others, on a slow machine. */
    LOGIN_TIMEOUT_MS: milliseconds.default(20_000),
    /** Checkouts under way at once; how long another one waits for its place. */
    CHECKOUT_LIMIT: count.default(32),
    CHECKOUT_WAIT_MS: milliseconds.default(20_000),
    /** 32 bytes in hex or base64, or a passphrase; the same for all front-ends. */
    SESSION_KEY: z.string().min(16).optional(),
    /** Where a key is generated and kept when none is given. */
    SESSION_KEY_FILE: z.string().default('.sockshop/session.key'),
    /** The original kept its sessions in Redis with it; sealed cookies need no store. */
    SESSION_REDIS: z.string().optional(),
    /** Where traces are read, by the Zipkin v2 API. Default: where this service's own spans go, if that is a Zipkin. */
    TRACES_URL: httpUrl.optional(),
    /** The same for browsers, where it has pages that show a trace. */
    TRACES_PUBLIC_URL: httpUrl.optional(),
    /** Where log lines are read: `file:` of the logs' folder or of one log, or `http:` of a VictoriaLogs. Without it, pages show none. */
    LOGS_URL: z.url({ protocol: /^(https?|file)$/ }).optional(),
    /** Where spans go; read by libs/tracing. */
    ZIPKIN: z.string().optional(),
    /** What the other services, their spans and logs learn of a customer: a pseudonym, the login name, or nothing. */
    USER_NAME_BAGGAGE: z.enum(['pseudonym', 'name', 'off']).default('pseudonym'),
    /** What is believed of the trace context of callers. The default suits a testbed, where a test client's trace goes on in the shop's. */
    TRACE_TRUST: callerTrust.optional(),
    /** Pages of these origins may read the shop's responses without cookies, send trace context and post their spans. */
    TRACE_ORIGINS: origins.default([]),
    /** Whether shoppers see the traces of their own visit. */
    TRACE_DRAWER: onOff.default(true),
    /** Whether the shop's traffic and traces are public. They hold no personal data. */
    OBSERVATORY: onOff.default(true),
    /** The password of the Observatory. Without one it is public. */
    OBSERVATORY_PASSWORD: z.string().optional(),
    /** The socket on which the launcher of the distributed way takes the mesh's commands. */
    MESH_CONTROL: z.string().optional(),
    /** Who may give them on the Observatory: requests from this machine to its own name, everyone who may see the Observatory, or no one. */
    MESH_BUTTONS: z.enum(['loopback', 'on', 'off']).default('loopback'),
    /** The storefront as its build left it: index.html and assets/. */
    STATIC_DIR: z.string().default(fileURLToPath(new URL('../dist/storefront', import.meta.url))),
  },
  defaultPort: 8079,
  flags: { domain: 'UPSTREAM_DOMAIN' },
  config: (values, env) => {
    const domain = values.UPSTREAM_DOMAIN;
    const suffix = domain === undefined ? '' : `.${domain}`;
    const tracing = tracingConfig({ ...env, ZIPKIN: values.ZIPKIN }); // which may be a flag's
    const zipkinUrl = tracing.enabled ? tracing.zipkinUrl : undefined;
    return {
      catalogueUrl: values.CATALOGUE_URL ?? `http://catalogue${suffix}`,
      cartsUrl: values.CARTS_URL ?? `http://carts${suffix}`,
      ordersUrl: values.ORDERS_URL ?? `http://orders${suffix}`,
      userUrl: values.USER_URL ?? `http://user${suffix}`,
      meshUrl: values.MESH_URL,
      upstreamTimeoutMs: values.UPSTREAM_TIMEOUT_MS,
      orderTimeoutMs: values.ORDER_TIMEOUT_MS,
      loginTimeoutMs: values.LOGIN_TIMEOUT_MS,
      checkoutLimit: values.CHECKOUT_LIMIT,
      checkoutWaitMs: values.CHECKOUT_WAIT_MS,
      sessionKey: values.SESSION_KEY,
      sessionKeyFile: values.SESSION_KEY_FILE,
      sessionRedis: values.SESSION_REDIS,
      /** Base URL of the Zipkin v2 API; undefined: traces are kept nowhere. */
      tracesUrl: values.TRACES_URL ?? /^(.+)\/api\/v2\/spans$/.exec(zipkinUrl ?? '')?.[1],
      /** Base URL of Zipkin's own pages, for people. */
      tracesPublicUrl: values.TRACES_PUBLIC_URL?.replace(/\/$/, ''),
      logsUrl: values.LOGS_URL,
      userNameBaggage: values.USER_NAME_BAGGAGE,
      traceTrust: values.TRACE_TRUST,
      traceOrigins: values.TRACE_ORIGINS,
      traceDrawer: values.TRACE_DRAWER,
      observatory: values.OBSERVATORY,
      observatoryPassword: values.OBSERVATORY_PASSWORD,
      meshControl: values.MESH_BUTTONS === 'off' ? undefined : values.MESH_CONTROL,
      meshFromLoopbackOnly: values.MESH_BUTTONS === 'loopback',
      staticDir: values.STATIC_DIR,
    };
  },
}) {}
