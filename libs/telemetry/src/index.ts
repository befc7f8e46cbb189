export * as shop from './shop-attributes.ts';
export { Telemetry } from './telemetry.ts';
export { traceFields } from './trace-fields.ts';
