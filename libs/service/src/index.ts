export { callerSignal } from './caller-signal.ts';
export { hasCurrent, type Representation, representationOf, sendRepresentation } from './etag.ts';
export { refuseForeignHosts } from './foreign-hosts.ts';
export { admitForeignPages } from './foreign-pages.ts';
export { HealthReport, type HealthOptions } from './health.ts';
export { answerLikeOthers, httpServer } from './http-server.ts';
export { listenAddress, plainAddress } from './listen-address.ts';
export { JsonLog, type LogLevel } from './json-log.ts';
export { makeFolder } from './make-folder.ts';
export { type ApiFacts, Operation } from './operation.ts';
export { type Problem, type ProblemShape, ShopError, UnavailableError } from './problem.ts';
export { requestLogLevel } from './request-log.ts';
export { runService } from './run-service.ts';
export {
  type DefineService,
  type RunningService,
  type ServiceDefinition,
  startService,
} from './service.ts';
export {
  brokerUrl,
  ConfigError,
  type ConfigClass,
  configOf,
  count,
  flag,
  type Listen,
  meshUrl,
  milliseconds,
  mongoOrSqlite,
  port,
  shippingQueue,
} from './settings.ts';
export { isTraced, Untraced } from './untraced.ts';
export { wholeNumber } from './whole-number.ts';
