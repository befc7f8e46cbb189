export { findBrowser } from './browser.ts';
export { freePort } from './free-port.ts';
export { startMariadb } from './mariadb.ts';
export { startMongodb } from './mongodb.ts';
export { launch, ServerStartError, type Launch, type ServerProcess } from './process.ts';
export { startRabbitmq } from './rabbitmq.ts';
export {
  ServerUnavailableError,
  type RunningServer,
  type Say,
  type StartOptions,
} from './server.ts';
export { startTestServers, type TestServer, type TestServers } from './test-servers.ts';
export { startZipkin } from './zipkin.ts';
