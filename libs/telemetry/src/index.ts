export { Telemetry } from './telemetry.ts';
export { traceFields } from './trace-fields.ts';
