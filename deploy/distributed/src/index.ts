export { findBrowser } from './servers/browser.ts';
export { freePort } from './servers/free-port.ts';
export { startMariadb } from './servers/mariadb.ts';
export { startMongodb } from './servers/mongodb.ts';
export { launch, ServerStartError, type Launch, type ServerProcess } from './servers/process.ts';
export { startRabbitmq } from './servers/rabbitmq.ts';
export {
  ServerUnavailableError,
  type RunningServer,
  type Say,
  type StartOptions,
} from './servers/server.ts';
export { startTestServers, type TestServer, type TestServers } from './servers/test-servers.ts';
export { startZipkin } from './servers/zipkin.ts';
