export {
  type DbOperation,
  type HttpClientRequest,
  type HttpServerRequest,
  type MessagingOperation,
  Metrics,
} from './metrics.ts';
