import type { Say } from '@sockshop/supervisor';
import { join } from 'node:path';
import { startMariadb } from './mariadb.ts';
import { startMongodb } from './mongodb.ts';
import { startRabbitmq } from './rabbitmq.ts';
import type { RunningServer } from './server.ts';
import { startZipkin } from './zipkin.ts';
import { startZookeeper } from './zookeeper.ts';

const servers = {
  mariadb: { start: startMariadb, variable: 'TEST_MYSQL_URL' },
  mongodb: { start: startMongodb, variable: 'TEST_MONGO_URL' },
  rabbitmq: { start: startRabbitmq, variable: 'TEST_RABBITMQ_URL' },
  zipkin: { start: startZipkin, variable: 'TEST_ZIPKIN_URL' },
  zookeeper: { start: startZookeeper, variable: 'TEST_ZOOKEEPER_URL' },
};

export type TestServer = keyof typeof servers;

export interface TestServers {
  /** TEST_MYSQL_URL and so on, for the test suites: only of the servers that run. */
  env: Record<string, string>;
  missing: { name: TestServer; why: string }[];
  stop: () => Promise<void>;
}

interface TestServersOptions {
  /** Each server gets a folder of its own in it. */
  dir: string;
  say: Say;
  wanted: TestServer[];
}

/** Starts the servers side by side. One that cannot be had is reported, so that its suites are skipped. */
export async function startTestServers(options: TestServersOptions): Promise<TestServers> {
  const { dir, say, wanted } = options;
  const env: TestServers['env'] = {};
  const missing: TestServers['missing'] = [];
  const running: RunningServer[] = [];

  const start = async (name: TestServer) => {
    const startedAt = Date.now();
    const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    try {
      const sayNamed: Say = (line) => {
        say(`${name}: ${line}`);
      };
      const server = await servers[name].start({ dir: join(dir, name), say: sayNamed });
      running.push(server);
      env[servers[name].variable] = server.url;
      const how = server.pid === undefined ? 'given by URL' : `ready after ${seconds()}`;
      say(`${name}: ${server.name} on port ${server.port}, ${how}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      missing.push({ name, why });
      say(`${name}: missing after ${seconds()}. ${why}`);
    }
  };
  await Promise.all(wanted.map(start));

  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
  };
  return { env, missing, stop };
}
