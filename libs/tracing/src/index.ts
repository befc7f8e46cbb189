export { b3Decision, type B3Decision } from './b3.ts';
export type { ForeignSpan } from './foreign-span.ts';
export {
  type DbOperation,
  type HttpClientRequest,
  type HttpServerRequest,
  type MessagingOperation,
  Metrics,
} from './metrics.ts';
export * as semconv from './semconv.ts';
export { errorType, failSpan, inSpan, Traced, traceFields } from './spans.ts';
export { Telemetry, VERSION } from './telemetry.ts';
export { untraced } from './untraced.ts';
export { type TracingConfig, tracingConfig } from './tracing-config.ts';
export {
  type LocalAddress,
  toZipkin,
  type ZipkinEndpoint,
  type ZipkinSpan,
} from './zipkin-encoder.ts';
