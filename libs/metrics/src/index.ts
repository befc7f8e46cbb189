export type { Exemplar, ExemplarFilter, SpanIds } from './exemplars.ts';
export type { MetricPoints } from './instruments.ts';
export type {
  DbOperation,
  HttpClientRequest,
  HttpServerRequest,
  MessagingOperation,
} from './measured.ts';
export { Metrics } from './metrics.ts';
