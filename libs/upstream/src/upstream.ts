import { Bulkhead, BulkheadFullError } from '@sockshop/resilience/bulkhead';
import type { Telemetry } from '@sockshop/telemetry';
import { failureCode, PATIENCE_HEADER, patienceHeader } from '@sockshop/tracing';
import { type ClientCall, ClientCalls } from '@sockshop/tracing/undici';
import { Pool } from 'undici';
import type { z } from 'zod';
import { type Attempted, CallPolicy } from './call-policy.ts';
import { CircuitBreaker, type UpstreamLog } from './circuit-breaker.ts';
import { exchange } from './exchange.ts';
import { PathTemplate } from './path-template.ts';
import { UpstreamError, type UpstreamFailure } from './upstream-error.ts';
import { UpstreamResponse } from './upstream-response.ts';

export interface UpstreamOptions {
  /** The service's name, as in spans and error texts. */
  readonly name: string;
  readonly baseUrl: string;
  /** Bounds a whole call, with its retries and the reading of the body, but without the wait for its turn. Default 2000. */
  readonly timeoutMs?: number;
  /** The router through which a service is called by its name: a `baseUrl` of another host is called directly. */
  readonly meshUrl?: string | undefined;
  /** Calls of one route at the same time at most, each on a connection of its own. Default 64. */
  readonly callsAtOnce?: number;
  readonly telemetry: Telemetry;
  readonly log: UpstreamLog;
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path as a template, `/carts/{id}/items`: the name of the span. */
  readonly path: string;
  /** Values of the template's names; encoded here. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Aborts when the result is no longer wanted. The call then ends as `cancelled`, which is not the other service's fault. */
  readonly signal?: AbortSignal;
}

type Call = Omit<UpstreamRequest, 'method' | 'path'>;

/** When a call is given up. */
interface Deadline {
  readonly signal: AbortSignal;
  /** By the clock of `performance`. */
  readonly endsAt: number;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const CALLS_AT_ONCE = 64;
/** Longest time to connect, in ms. An address may drop all packets. */
const CONNECT_MS = 1000;
/**
 * How long a connection is kept that no call uses, in ms; a service itself would keep it 72 s. A service that is to end serves longer than
 * that where DRAIN_DELAY_MS says so, and then no connection is left on which a call could meet its end.
 */
const UNUSED_MS = 3000;
/** How long a call waits for its turn. The wait is not the other service's fault, so the deadline begins after it. */
const TURN_WAIT_MS = 10_000;

/**
 * Calls one other service. A call has a deadline, retries if it reads, and for its route a circuit breaker and a bulkhead. Each attempt
 * has a CLIENT span and carries the trace context in its headers.
 */
export class Upstream {
  private readonly base: Base;
  /** By `path` of a request. */
  private readonly templates = new Map<string, PathTemplate>();
  /** Undici's pool keeps a Host header and costs a third of what fetch does. The bulkheads bound it. */
  private readonly pool: Pool;
  /** By route: calls of a route that hangs must not take the places of the others. */
  private readonly bulkheads = new Map<string, Bulkhead>();
  private readonly policy: CallPolicy;
  private readonly calls: ClientCalls;
  private readonly timeoutMs: number;
  /** With a loopback address or a router, the Host header names the service: links in responses are made from it, and the router chooses by it. */
  private readonly host: { host?: string };

  constructor(private readonly options: UpstreamOptions) {
    this.base = baseOf(options.baseUrl);
    this.timeoutMs = options.timeoutMs ?? 2000;
    const { hostname, origin } = this.base;
    const byName = options.meshUrl !== undefined && hostname === options.name;
    this.host = byName || LOOPBACK.has(hostname) ? { host: options.name } : {};
    const { name: peer, telemetry } = options;
    this.calls = new ClientCalls(telemetry, {
      peer,
      ended: (call) => {
        telemetry.metrics.observeHttpClient(call.seconds, call);
      },
    });
    this.policy = new CallPolicy(options.name, options.telemetry.metrics, options.log);
    const to = byName ? baseOf(options.meshUrl).origin : origin;
    this.pool = new Pool(to, {
      connect: { timeout: CONNECT_MS },
      keepAliveMaxTimeout: UNUSED_MS,
    });
  }

  /** @throws UpstreamError, also for a status of 400 or more. */
  async get<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    return this.expectOk(await this.request({ ...call, method: 'GET', path })).json(schema);
  }

  /** @throws UpstreamError, also for a status of 400 or more. */
  async post<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
    return this.expectOk(await this.request({ ...call, method: 'POST', path })).json(schema);
  }

  /**
   * Returns any response, whatever its status.
   * @throws UpstreamError without a response: unreachable, too late, too many calls, or the circuit is open.
   */
  async request(request: UpstreamRequest): Promise<UpstreamResponse> {
    const path = this.pathOf(request); // a missing value is the caller's mistake, not the other service's
    const { signal } = request;
    try {
      return await this.bulkheadOf(request).run(() => this.call(request, path), signal);
    } catch (error) {
      if (error instanceof BulkheadFullError) {
        throw new UpstreamError(this.options.name, signal?.aborted ? 'cancelled' : 'busy');
      }
      throw error;
    }
  }

  /** Returns the response. @throws UpstreamError for a status of 400 or more. */
  expectOk(response: UpstreamResponse): UpstreamResponse {
    if (response.ok) return response;
    throw new UpstreamError(this.options.name, 'status', undefined, response.status);
  }

  /** Refuses calls that wait for their turn, lets running ones finish and closes the connections. */
  async close(): Promise<void> {
    for (const bulkhead of this.bulkheads.values()) bulkhead.close();
    await this.pool.close();
  }

  /** All under the upstream's name: the metric is their sum. */
  private bulkheadOf({ method, path }: UpstreamRequest): Bulkhead {
    const route = `${method} ${path}`;
    const known = this.bulkheads.get(route);
    if (known) return known;
    const { name, telemetry } = this.options;
    const bulkhead = new Bulkhead({
      name,
      limit: this.options.callsAtOnce ?? CALLS_AT_ONCE,
      waitMs: TURN_WAIT_MS,
      metrics: telemetry.metrics,
    });
    this.bulkheads.set(route, bulkhead);
    return bulkhead;
  }

  private async call(request: UpstreamRequest, path: string): Promise<UpstreamResponse> {
    const ending = new AbortController();
    const { signal } = ending;
    const endsAt = performance.now() + this.timeoutMs;
    // Not AbortSignal.timeout() and any(): their timers outlive the call, and most calls are over in milliseconds.
    const late = setTimeout(() => {
      ending.abort(new DOMException('the deadline is over', 'TimeoutError'));
    }, this.timeoutMs).unref();
    const cancel = (): void => {
      ending.abort(request.signal?.reason);
    };
    if (request.signal?.aborted) cancel();
    else request.signal?.addEventListener('abort', cancel);
    try {
      return await this.policy.run(request, signal, (earlier) =>
        this.attempt(request, path, { signal, endsAt }, earlier),
      );
    } catch (error) {
      if (error instanceof FailedResponse) return error.response;
      if (error instanceof UpstreamError) throw error;
      const reason = CircuitBreaker.refused(error) ? 'circuit_open' : reasonOf(request, signal);
      throw new UpstreamError(this.options.name, reason, error);
    } finally {
      clearTimeout(late);
      request.signal?.removeEventListener('abort', cancel);
    }
  }

  private async attempt(
    request: UpstreamRequest,
    path: string,
    deadline: Deadline,
    earlier: number,
  ): Promise<UpstreamResponse> {
    const { origin, hostname: address, port } = this.base;
    const { method, path: template } = request;
    const call = this.calls.begin({
      method,
      origin,
      address,
      port,
      path,
      template,
      resends: earlier,
    });
    let response: UpstreamResponse;
    try {
      response = await this.send(request, path, deadline, call);
    } catch (error) {
      const reason = reasonOf(request, deadline.signal);
      call.failed(error, reason === 'unreachable' ? (failureCode(error) ?? reason) : reason);
      throw new UpstreamError(this.options.name, reason, error);
    }
    call.answered(response.status);
    if (response.status >= 502 && response.status <= 504) throw new FailedResponse(response);
    return response;
  }

  private async send(
    request: UpstreamRequest,
    path: string,
    { signal, endsAt }: Deadline,
    call: ClientCall,
  ): Promise<UpstreamResponse> {
    const headers: Record<string, string> = { ...this.host, ...request.headers };
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    headers[PATIENCE_HEADER] = patienceHeader(endsAt - performance.now());
    call.inject(headers);
    const body = request.body === undefined ? null : jsonOf(request.body);
    const sent = { method: request.method, path, headers, body };
    const answer = await call.send(() => exchange(this.pool, sent, signal, call));
    return new UpstreamResponse(this.options.name, answer.status, answer.headers, answer.body);
  }

  private pathOf({ path, params, query }: UpstreamRequest): string {
    let template = this.templates.get(path);
    if (template === undefined) {
      template = new PathTemplate(this.base.prefix, path);
      this.templates.set(path, template);
    }
    return template.filled(params, query);
  }
}

/**
 * A response with status 502, 503 or 504: the service, or something it needs, is unavailable. It is a failure to the breaker and the
 * retries, and a response to the caller. A 500 is about the one request: the original's user and catalogue send it for an unknown id,
 * and six of those must not open the circuit.
 */
class FailedResponse extends Error implements Attempted {
  readonly retryable = true;

  constructor(readonly response: UpstreamResponse) {
    super(`status ${response.status}`);
  }
}

/** Why there is no response. */
function reasonOf(request: UpstreamRequest, signal: AbortSignal): UpstreamFailure {
  if (request.signal?.aborted) return 'cancelled';
  return signal.aborted ? 'timeout' : 'unreachable';
}

/** Stored data and other services' responses may hold half of a surrogate pair, which services refuse: it becomes U+FFFD, as in UTF-8. */
function jsonOf(body: unknown): string {
  const json = JSON.stringify(body);
  if (!/\\ud[89a-f]/i.test(json)) return json;
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}

/** Parts of the base URL that every call needs. */
interface Base {
  readonly origin: string;
  readonly hostname: string;
  readonly port: number;
  /** The path before that of a request, without a slash at its end. */
  readonly prefix: string;
}

function baseOf(baseUrl: string): Base {
  const { origin, hostname, port, protocol, pathname } = new URL(baseUrl);
  const standard = protocol === 'https:' ? 443 : 80;
  const prefix = pathname.replace(/\/$/, '');
  return { origin, hostname, port: port === '' ? standard : Number(port), prefix };
}
