export { findBrowser } from './browser.ts';
export { startMariadb } from './mariadb.ts';
export { startMongodb } from './mongodb.ts';
export { findProgram } from './program.ts';
export { startRabbitmq } from './rabbitmq.ts';
export { ServerUnavailableError, type RunningServer, type StartOptions } from './server.ts';
export { startTestServers, type TestServer, type TestServers } from './test-servers.ts';
export { givenZipkin, startZipkin } from './zipkin.ts';
export { startZookeeper } from './zookeeper.ts';
