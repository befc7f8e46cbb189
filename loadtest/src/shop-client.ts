import type { Client, Pool } from 'undici';
import { CookieJar } from './cookie-jar.ts';
import type { Route } from './routes.ts';
import type { Outcome, Tally } from './tally.ts';
import type { RequestSpan, VisitSpan } from './visit-spans.ts';

/** The shop marks the traces of requests with this name as synthetic. */
const userAgent = 'sock-shop-loadtest/1.0 (synthetic shoppers)';

export interface Ask {
  /** Where the route's own path lacks an id or a query. */
  path?: string;
  headers?: Record<string, string>;
  json?: unknown;
  /** Whether an answer other than the expected one is a right answer too. */
  business?: (status: number, message: string) => boolean;
}

/** What a request belongs to. */
export interface Occasion {
  journey: string;
  /** When it was to be sent, as `performance.now()`: its latency counts from then. */
  intendedAt: number;
  /** The visit as a span, where spans are made. */
  span?: VisitSpan | undefined;
}

export type Answer<T> =
  | { outcome: 'ok'; status: number; body: T }
  | { outcome: 'business'; status: number; message: string; retryAfterMs: number };

/** The shop did not respond, or responded wrongly. Already counted. */
export class RequestFailedError extends Error {
  constructor(
    route: string,
    /** As in the statistics: status or code of the network error. */
    readonly status: string,
    readonly retryAfterMs: number,
    cause: unknown,
  ) {
    super(`${route}: ${status}`, { cause });
  }

  /** The shop refused it, so nothing happened; otherwise it may have. */
  get refused(): boolean {
    return /^4\d\d$/.test(this.status);
  }
}

/** One shopper's browser: keeps its cookies and counts every request. */
export class ShopClient {
  private readonly cookies = new CookieJar();

  constructor(
    private readonly connection: Client | Pool,
    /** In front of every path, where the shop is not at the root of its host. */
    private readonly basePath: string,
    private readonly tally: Tally,
  ) {}

  /** @throws RequestFailedError, or the connection's own error once that is destroyed */
  async send<T>(route: Route<T>, ask: Ask = {}, occasion?: Occasion): Promise<Answer<T>> {
    const { journey, intendedAt } = occasion ?? { journey: '', intendedAt: performance.now() };
    const path = this.basePath + (ask.path ?? route.name.split(' ')[1] ?? '');
    const span = occasion?.span?.request(route.name, path);
    let traceId = span?.traceId ?? '';
    const count = (status: string, outcome: Outcome, detail = '') => {
      span?.end(Number.parseInt(status) || 0, outcome === 'error' ? status : undefined); // `200 bad body` has one, too
      const ms = performance.now() - intendedAt;
      this.tally.record({ journey, route: route.name, status, outcome, ms, detail, traceId });
    };
    const fail = (status: string, detail: string, cause: unknown, retryAfterMs = 0) => {
      count(status, 'error', detail);
      return new RequestFailedError(route.name, status, retryAfterMs, cause);
    };

    const answer = await this.exchange(route.name, path, ask, span).catch((error: unknown) => {
      // Cut off by the end of the run: not the shop's fault.
      if (this.connection.destroyed) throw error;
      throw fail(errorCode(error), messageOf(error), error);
    });
    const { status, text, retryAfterMs } = answer;
    traceId = answer.traceId || traceId;
    if (!route.expects(status)) {
      const message = problemOf(text);
      if (!ask.business?.(status, message)) {
        throw fail(String(status), message, undefined, retryAfterMs);
      }
      count(String(status), 'business', message);
      return { outcome: 'business', status, message, retryAfterMs };
    }
    try {
      const body = route.read(text);
      count(String(status), 'ok');
      return { outcome: 'ok', status, body };
    } catch (error) {
      throw fail(`${status} bad body`, messageOf(error), error);
    }
  }

  private async exchange(
    name: string,
    path: string,
    { headers, json }: Ask,
    span: RequestSpan | undefined,
  ) {
    const [method = ''] = name.split(' ');
    const response = await this.connection.request({
      method,
      path,
      headers: {
        'user-agent': userAgent,
        ...this.cookies.header(),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...span?.headers,
        ...headers,
      },
      body: json === undefined ? null : JSON.stringify(json),
    });
    this.cookies.take(response.headers['set-cookie']);
    const text = await response.body.text(); // read to the end: an unread body holds its socket
    const retryAfterMs = waitOf(response.headers['retry-after']);
    const traceId = traceIdOf(response.headers['x-trace-id']);
    return { status: response.statusCode, text, retryAfterMs, traceId };
  }
}

/** '' for anything else: it becomes part of an address. */
function traceIdOf(header: string | string[] | undefined): string {
  const value = String(header ?? '');
  return /^[0-9a-f]{32}$/.test(value) ? value : '';
}

/** `retry-after` in ms: seconds, or a date. */
function waitOf(header: string | string[] | undefined): number {
  const value = [header ?? []].flat()[0];
  if (value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.max(ms, 0);
}

function errorCode(error: unknown): string {
  const code = Error.isError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'network';
}

/** Node's error for several refused addresses (localhost has two) has no message of its own. */
function messageOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  const message =
    'errors' in error && Array.isArray(error.errors)
      ? error.errors.map(messageOf).join(', ')
      : error.message;
  return message.replaceAll(/\s+/g, ' ');
}

/** The `message` of the shop's problem details; else the start of the body. */
function problemOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message);
  } catch {
    // Not JSON: a proxy's page, or nothing.
  }
  return text.slice(0, 200).replaceAll(/\s+/g, ' ');
}
