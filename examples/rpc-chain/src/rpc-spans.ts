import { type handleUnaryCall, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  ATTR_CODE_FUNCTION_NAME,
  ATTR_ERROR_TYPE,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  RPC_SYSTEM_NAME_VALUE_GRPC,
} from '@opentelemetry/semantic-conventions';
import { context, semconv, type Tracing } from '@sockshop/tracing';
import { type Method, type Name, nameOf, type Words } from './methods.ts';

/** Codes that say that the server failed. The others say that its caller asked for something wrong. */
const SERVER_ERRORS: ReadonlySet<status> = new Set([
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNIMPLEMENTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** Who is called: the service's name, and the instance as `host:port`. */
export interface Callee {
  readonly service: string;
  readonly address: string;
}

/** Runs one attempt of a call in its CLIENT span. `send` gets the metadata that carry the trace: W3C and B3. */
export async function clientSpan<T>(
  tracing: Tracing,
  method: Method,
  { service, address }: Callee,
  send: (metadata: Metadata) => Promise<T>,
): Promise<T> {
  const parent = tracing.enter(context.active());
  const { host, port } = partsOf(address);
  const attributes = {
    [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
    [ATTR_RPC_METHOD]: nameOf(method),
    [ATTR_SERVER_ADDRESS]: host,
    [ATTR_SERVER_PORT]: port,
    [semconv.SERVICE_PEER_NAME]: service,
  };
  const options = { kind: SpanKind.CLIENT, attributes };
  const span = tracing.tracer.startSpan(nameOf(method), options, parent);
  const headers: Record<string, string> = {};
  tracing.inject(trace.setSpan(parent, span), headers);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  try {
    const answer = await send(metadata);
    span.setAttribute(ATTR_RPC_STATUS_CODE, 'OK');
    return answer;
  } catch (error) {
    finish(span, codeOf(error), true);
    throw error;
  } finally {
    span.end();
  }
}

/** A handler whose calls run in a SERVER span, below the caller's. `handler`: the function that answers, as `GreetingService.greet`. */
export function serverSpan(
  tracing: Tracing,
  method: Method,
  handler: string,
  answer: (request: Name) => Promise<Words>,
): handleUnaryCall<Name, Words> {
  return (call, callback) => {
    const extracted = tracing.extract(call.metadata.getMap());
    const server = partsOf(call.getHost());
    const peer = partsOf(call.getPeer());
    const attributes = {
      [ATTR_RPC_SYSTEM_NAME]: RPC_SYSTEM_NAME_VALUE_GRPC,
      [ATTR_RPC_METHOD]: nameOf(method),
      [ATTR_CODE_FUNCTION_NAME]: handler,
      [ATTR_SERVER_ADDRESS]: server.host,
      [ATTR_SERVER_PORT]: server.port,
      [ATTR_NETWORK_PEER_ADDRESS]: peer.host,
      [ATTR_NETWORK_PEER_PORT]: peer.port,
    };
    const options = { kind: SpanKind.SERVER, attributes };
    const span = tracing.tracer.startSpan(nameOf(method), options, extracted);
    context
      .with(trace.setSpan(extracted, span), () => answer(call.request))
      .then(
        (words) => {
          span.setAttribute(ATTR_RPC_STATUS_CODE, 'OK');
          span.end();
          callback(null, words);
        },
        (error: unknown) => {
          const code = codeOf(error);
          finish(span, code, SERVER_ERRORS.has(code));
          span.end();
          callback({ code, details: error instanceof Error ? error.message : String(error) });
        },
      );
  };
}

function finish(span: Span, code: status, failed: boolean): void {
  span.setAttribute(ATTR_RPC_STATUS_CODE, status[code]);
  if (!failed) return;
  span.setAttribute(ATTR_ERROR_TYPE, status[code]);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** UNKNOWN for an error that is not gRPC's, as its servers answer then. */
export function codeOf(error: unknown): status {
  const code = (error as Partial<ServiceError> | null)?.code;
  return typeof code === 'number' && code in status ? code : status.UNKNOWN;
}

function partsOf(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return {
    host: address.slice(0, at).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(at + 1)),
  };
}
