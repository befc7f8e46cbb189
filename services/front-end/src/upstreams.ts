import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { Upstream, type UpstreamResponse } from '@sockshop/upstream';
import { z } from 'zod';
import { FrontEndConfig } from './config.ts';
import { maskCards } from './mask-cards.ts';

/** More than user lets wait, so that a login waits there, where its name and address count, and not in a line with all others. */
const LOGINS_AT_ONCE = 1000;

/** The four services behind the public API. */
@Injectable()
export class Upstreams implements OnModuleDestroy {
  readonly catalogue: Upstream;
  readonly carts: Upstream;
  readonly orders: Upstream;
  /** orders with the longer deadline of `POST /orders` (`ORDER_TIMEOUT_MS`). */
  readonly ordersForCheckout: Upstream;
  readonly user: Upstream;
  /** user with the longer deadline of `GET /login` and `POST /register` (`LOGIN_TIMEOUT_MS`), and room for logins that wait for a hash. */
  readonly userForLogin: Upstream;

  constructor(config: FrontEndConfig, telemetry: Telemetry, log: JsonLog) {
    const { meshUrl } = config;
    const upstream = (name: string, baseUrl: string, timeoutMs = config.upstreamTimeoutMs) =>
      new Upstream({ name, baseUrl, meshUrl, timeoutMs, telemetry, log });
    this.catalogue = upstream('catalogue', config.catalogueUrl);
    this.carts = upstream('carts', config.cartsUrl);
    this.orders = upstream('orders', config.ordersUrl);
    this.ordersForCheckout = upstream('orders', config.ordersUrl, config.orderTimeoutMs);
    this.user = upstream('user', config.userUrl);
    this.userForLogin = new Upstream({
      name: 'user',
      baseUrl: config.userUrl,
      meshUrl,
      timeoutMs: config.loginTimeoutMs,
      callsAtOnce: LOGINS_AT_ONCE,
      telemetry,
      log,
    });
  }

  async onModuleDestroy(): Promise<void> {
    const { catalogue, carts, orders, ordersForCheckout, user, userForLogin } = this;
    const all = [catalogue, carts, orders, ordersForCheckout, user, userForLogin];
    await Promise.all(all.map((upstream) => upstream.close()));
  }
}

/** Any JSON, its card numbers masked as soon as it arrives. */
export const MaskedJson = z.unknown().transform(maskCards);

/**
 * The body of a successful response. A refusal of the upstream is passed on with its status and message.
 * @throws ShopError for a refusal (4xx), UpstreamError (503) for a failure of the upstream's own.
 */
export function readBody<T>(
  upstream: Upstream,
  response: UpstreamResponse,
  schema: z.ZodType<T>,
): T {
  return expectSuccess(upstream, response).json(schema);
}

/** The same for a response whose body does not matter. */
export function expectSuccess(upstream: Upstream, response: UpstreamResponse): UpstreamResponse {
  const status = statusOf(response);
  if (status < 400 || status >= 500) return upstream.expectOk(response);
  const { errors } = refusal(response);
  throw new ShopError(status, originalOf(response)?.words ?? sentence(response), {
    fields: errors === undefined ? {} : { errors },
  });
}

/**
 * The status that a response means. The original's Go services respond with 500 to nearly every error, and its carts to a missing line:
 * there the text decides.
 */
export function statusOf(response: UpstreamResponse): number {
  return originalOf(response)?.status ?? response.status;
}

interface OriginalRefusal {
  readonly pattern: RegExp;
  readonly status: number;
  /** For shoppers: the original's texts are those of its libraries. */
  readonly words: string;
}

const ORIGINALS: readonly OriginalRefusal[] = [
  { pattern: /Cannot find item/, status: 404, words: 'Cannot find item in cart' },
  { pattern: /not found|Invalid Id Hex/, status: 404, words: 'not found' },
  { pattern: /Unauthorized/, status: 401, words: 'Invalid login credentials.' },
  { pattern: /duplicate key/, status: 409, words: 'the user name is taken; choose another' },
];

/** What an original service means by its 500. */
function originalOf(response: UpstreamResponse): OriginalRefusal | undefined {
  if (response.status !== 500) return undefined;
  const text = sentence(response);
  return ORIGINALS.find(({ pattern }) => pattern.test(text));
}

const Refusal = z
  .object({ message: z.string(), error: z.string(), errors: z.array(z.unknown()) })
  .partial()
  .catch({});

function refusal(response: UpstreamResponse): z.infer<typeof Refusal> {
  try {
    return Refusal.parse(JSON.parse(response.text()));
  } catch {
    return {}; // no JSON: the original's "404 page not found"
  }
}

function sentence(response: UpstreamResponse): string {
  const { message, error } = refusal(response);
  return message ?? error ?? 'not possible';
}
