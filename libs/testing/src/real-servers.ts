import { afterAll, describe } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `describe`, or `describe.skip` when a server is missing. */
type Suite = typeof describe.skip;

/** A real server that a person or `npm test` has started, named by a variable. */
export interface RealServer {
  readonly url: string;
  /** Skips the suite when the variable is not set. */
  readonly suite: Suite;
}

/** The server of TEST_MYSQL_URL: MySQL or MariaDB. */
export const mysql = named('TEST_MYSQL_URL', 'mysql://root@127.0.0.1:1/');
/** The server of TEST_MONGO_URL. */
export const mongo = named('TEST_MONGO_URL', 'mongodb://127.0.0.1:1/');
/** The server of TEST_RABBITMQ_URL. */
export const rabbitmq = named('TEST_RABBITMQ_URL', 'amqp://127.0.0.1:1');
/** The server of TEST_ZIPKIN_URL. */
export const zipkin = named('TEST_ZIPKIN_URL', 'http://127.0.0.1:1');

/** The server of TEST_ZOOKEEPER_URL. */
export const zookeeper = named('TEST_ZOOKEEPER_URL', 'zookeeper://127.0.0.1:1');

/** The program of TEST_COLLECTOR, an OpenTelemetry Collector: `url` is its path. */
export const collector = named('TEST_COLLECTOR', '/bin/false');

/** The program of TEST_HAPROXY: `url` is its path. */
export const haproxy = named('TEST_HAPROXY', '/bin/false');

/** The program of TEST_PROMTOOL, which checks Prometheus' files: `url` is its path. */
export const promtool = named('TEST_PROMTOOL', '/bin/false');

/** `unused` replaces the URL in a skipped suite, whose body runs although its tests do not. */
function named(variable: string, unused: string): RealServer {
  const url = process.env[variable];
  return url ? { url, suite: describe } : { url: unused, suite: describe.skip };
}

/** Skips the suite when one of the four is missing. */
export const everyServer: Suite = [mysql, mongo, rabbitmq, zipkin].every(
  ({ suite }) => suite === describe,
)
  ? describe
  : describe.skip;

/** A database on this server that no other test uses. */
export function newDatabase(server: RealServer, name: string): string {
  return new URL(`/${name}_${randomUUID().replaceAll('-', '')}`, server.url).href;
}

export interface Adapter {
  readonly name: string;
  readonly suite: Suite;
  /** Returns a new database on each call. It remains after a store is closed. */
  readonly url: () => string;
}

/** The two adapters of a service's store. SQLite files are removed after the suites of the file. */
export function storeAdapters(name: string): Adapter[] {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  return [
    { name: 'SQLite', suite: describe, url: () => `sqlite:${join(folder, `${randomUUID()}.db`)}` },
    { name: 'MongoDB', suite: mongo.suite, url: () => newDatabase(mongo, name) },
  ];
}

/** Deletes queues, with the delay and dead-letter queues that the shop's bus declares beside them. */
export async function deleteQueues(
  channel: { deleteQueue(name: string): PromiseLike<unknown> },
  ...queues: string[]
): Promise<void> {
  for (const queue of queues) {
    for (const suffix of ['', '.dead', '.retry.1', '.retry.2', '.retry.3']) {
      await channel.deleteQueue(`${queue}${suffix}`);
    }
  }
}
