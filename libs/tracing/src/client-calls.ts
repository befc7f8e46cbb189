import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions';
import { context } from './context.ts';
import { failureCode } from './exceptions.ts';
import { HTTP_REQUEST_RESEND_COUNT, SERVICE_PEER_NAME, URL_TEMPLATE } from './semconv.ts';
import { failCall } from './spans.ts';
import type { Tracing } from './tracing.ts';
import { recordWait } from './waits.ts';

/** A call that is over. Its figures are those of its span, so metrics made of them agree with the spans. */
export interface EndedCall {
  readonly method: string;
  readonly address: string;
  readonly port: number;
  /** Undefined without a response. */
  readonly status: number | undefined;
  /** A status from 400 on, `timeout`, `cancelled` (which is not a failure), or a code such as ECONNREFUSED. */
  readonly errorType: string | undefined;
  readonly seconds: number;
}

/** What the calls of a client have in common. */
export interface ClientOptions {
  /** Name of the service that is called. */
  readonly peer?: string | undefined;
  /** Called once for every attempt. */
  readonly ended?: (call: EndedCall) => void;
}

/** One attempt of a call. */
export interface Attempt {
  readonly method: string;
  /** Without a path: `http://carts:8081`. */
  readonly origin: string;
  readonly address: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  /** `/carts/{id}`; part of the span's name. Undefined: it is not known. */
  readonly template?: string | undefined;
  /** Attempts before this one. */
  readonly resends?: number;
}

/** CLIENT spans of HTTP calls, one for each attempt. `@sockshop/tracing/undici` and `/fetch` are made of it. */
export class ClientCalls {
  constructor(
    readonly tracing: Tracing,
    readonly options: ClientOptions = {},
  ) {}

  /** Starts the span of an attempt below the active one. */
  begin(attempt: Attempt): ClientCall {
    return new ClientCall(this, attempt);
  }
}

/** A connection that was there is had in less. Longer waits are shown. */
const WAIT_MS = 5;

/** A call that has begun: its span, its headers and its end. */
export class ClientCall {
  private readonly parent = context.active();
  private readonly began = performance.now();
  private readonly span: Span;

  constructor(
    private readonly calls: ClientCalls,
    private readonly attempt: Attempt,
  ) {
    const { method, template } = attempt;
    this.span = calls.tracing.tracer.startSpan(
      template === undefined ? method : `${method} ${template}`,
      { kind: SpanKind.CLIENT, attributes: attributesOf(attempt, calls.options.peer) },
      this.parent,
    );
  }

  /** Writes the trace context into the headers of the request. */
  inject(headers: Record<string, string>): void {
    this.calls.tracing.inject(trace.setSpan(this.parent, this.span), headers);
  }

  /** Sends the request: the one place where no other instrumentation may see it. */
  send<T>(work: () => T): T {
    return this.calls.tracing.uninstrumented(work);
  }

  /** The request has a connection now, and is sent. */
  sent(): void {
    recordWait(this.span, 'http.client.connection.acquired', this.began, WAIT_MS);
  }

  /** There is a response, to its end. */
  answered(status: number): void {
    this.span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    const errorType = status >= 400 ? String(status) : undefined;
    if (errorType !== undefined) {
      this.span.setAttribute(ATTR_ERROR_TYPE, errorType);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.end(status, errorType);
  }

  /** There is none, or not all of it. `type`: why, if the error does not say it. */
  failed(error: unknown, type = failureCode(error) ?? '_OTHER', status?: number): void {
    if (status !== undefined) this.span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
    if (type === 'cancelled') this.span.setAttribute(ATTR_ERROR_TYPE, type);
    else failCall(this.span, error, type);
    this.end(status, type);
  }

  private end(status: number | undefined, errorType: string | undefined): void {
    this.span.end();
    const { method, address, port } = this.attempt;
    const seconds = (performance.now() - this.began) / 1000;
    this.calls.options.ended?.({ method, address, port, status, errorType, seconds });
  }
}

function attributesOf(
  { method, origin, path, address, port, template, resends = 0 }: Attempt,
  peer: string | undefined,
): Attributes {
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_FULL]: `${origin}${path}`,
    [ATTR_SERVER_ADDRESS]: address,
    [ATTR_SERVER_PORT]: port,
  };
  if (template !== undefined) attributes[URL_TEMPLATE] = template;
  if (peer !== undefined) attributes[SERVICE_PEER_NAME] = peer;
  if (resends > 0) attributes[HTTP_REQUEST_RESEND_COUNT] = resends;
  return attributes;
}
