import { CommandError, fileProblem } from '@sockshop/cli';
import {
  type RunningServer,
  startMariadb,
  startMongodb,
  type StartOptions,
  startRabbitmq,
  startZipkin,
  findHaproxy,
} from '@sockshop/servers';
import { keepRunning, type OnSpawn, type Say } from '@sockshop/supervisor';
import { join } from 'node:path';
import type { ServerUrls } from './services.ts';

/** Some servers are unavailable or do not start. The message has a paragraph for each. */
export class ServersMissingError extends CommandError {
  override readonly name = 'ServersMissingError';
}

interface ServersOptions {
  /** Each server gets its own folder in it. */
  readonly dir: string;
  /** 0: any free port. */
  readonly zipkinPort: number;
  readonly say: Say;
  readonly spawned: OnSpawn;
  /** Called for each server as soon as it is ready. */
  readonly ready: (id: string, server: RunningServer, restarts: number) => void;
  /** Until it aborts, a server that ends is restarted. */
  readonly released: AbortSignal;
}

/** Starts the four servers in parallel, and finds the router's program. @throws ServersMissingError once all have been tried. */
export async function startServers(
  options: ServersOptions,
): Promise<ServerUrls & { haproxy: string }> {
  const { dir, zipkinPort, say, spawned, ready, released } = options;
  const start = async (
    id: string,
    launch: (options: StartOptions) => Promise<RunningServer>,
    port = 0,
  ): Promise<string> => {
    const startedAt = Date.now();
    const launchAt = async (at: number, restarts: number) => {
      const server = await launch({
        dir: join(dir, id),
        say: (line) => {
          say(`${id}: ${line}`);
        },
        spawned,
        ...(at !== 0 && { port: at }),
      });
      ready(id, server, restarts);
      return server;
    };
    let server = await launchAt(port, 0);
    const again = async (restarts: number) => {
      await server.stop(); // helpers that it may have left running
      server = await launchAt(server.port, restarts);
      return server;
    };
    void keepRunning(server, { name: id, again, say, released });
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    const what = server.standIn ? `, a ${server.name}` : '';
    say(`${id}: ${server.pid === undefined ? 'given by URL' : `ready in ${seconds} s${what}`}`);
    return server.url;
  };
  const results = await Promise.allSettled([
    start('mariadb', startMariadb),
    start('mongodb', startMongodb),
    start('rabbitmq', startRabbitmq),
    start('zipkin', startZipkin, zipkinPort),
    findHaproxy(say), // it starts last, as its ports must still be free
  ]);
  const [mysql, mongo, rabbitmq, zipkin, haproxy] = results.map((result) =>
    result.status === 'fulfilled' ? result.value : undefined,
  );
  if (mysql && mongo && rabbitmq && zipkin && haproxy)
    return { mysql, mongo, rabbitmq, zipkin, haproxy };
  const reasons = results.map((result): unknown =>
    result.status === 'rejected' ? result.reason : undefined,
  );
  const missing = reasons.filter((reason) => reason !== undefined);
  throw new ServersMissingError(missing.map(messageOf).join('\n\n'), { cause: missing[0] });
}

function messageOf(reason: unknown): string {
  return fileProblem(reason) ?? (reason instanceof Error ? reason.message : String(reason));
}
