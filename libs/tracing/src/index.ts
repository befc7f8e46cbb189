export { isInstrumented } from './agent.ts';
export { b3Decision } from './b3.ts';
export type { B3Decision } from './b3-headers.ts';
export { baggageEntries, BaggageTags, withBaggage } from './baggage.ts';
export { activeSpan, context } from './context.ts';
export { errorLine, failureCode } from './exceptions.ts';
export { type FlagEvaluation, recordFlagEvaluation } from './flag-evaluations.ts';
export type { ForeignEvent, ForeignSpan } from './foreign-span.ts';
export { PATIENCE_HEADER, patienceHeader } from './patience.ts';
export { plainAddress } from './plain-address.ts';
export { TracePropagator, type TracePropagatorOptions } from './propagation.ts';
export { redactedField, redactedText } from './redaction.ts';
export * as semconv from './semconv.ts';
export { type MetricsEncoder, type MetricsExporter, metricsExporter } from './metrics-exporter.ts';
export { SCOPE, VERSION } from './scope.ts';
export type { EventLog } from './export-losses.ts';
export type { CountExported, LossType } from './counted-exporter.ts';
export { type StoredContext, storedContext } from './stored-context.ts';
export { samplerOf } from './sampling.ts';
export { errorType, failCall, failSpan, inSpan, Traced } from './spans.ts';
export { type Pipeline, Tracing, type TracingParts, tracingParts } from './tracing.ts';
export { untraced } from './untraced.ts';
export { forSeveralServices, type TracingConfig, tracingConfig } from './tracing-config.ts';
export {
  type LocalAddress,
  toZipkin,
  type ZipkinEndpoint,
  type ZipkinSpan,
} from './zipkin-encoder.ts';
export { ZipkinExporter, type ZipkinExporterOptions } from './zipkin-exporter.ts';
export { recordWait } from './waits.ts';
