export * as shop from './shop-attributes.ts';
export { Telemetry } from './telemetry.ts';
export { baggageFields, traceFields } from './trace-fields.ts';
