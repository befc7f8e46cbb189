import type { OnSpawn, Say } from '@sockshop/supervisor';

export interface StartOptions {
  /** Where the server keeps its data and its log; made if it is not there, used again if it is. */
  dir: string;
  /** Default: a free one. */
  port?: number;
  say?: Say;
  spawned?: OnSpawn;
}

export interface RunningServer {
  name: string;
  url: string;
  port: number;
  /** Where its figures are, as Prometheus' text. */
  metricsUrl?: string;
  /** It is another program in place of this server. */
  standIn?: boolean;
  /** Absent where the server was given by URL and so is not ours. */
  pid?: number;
  /** How it ended, once it has; absent where it is not ours. */
  ended?: Promise<string>;
  /** Ends the server, data kept; does nothing to a server that is not ours. May be called again. */
  stop: () => Promise<void>;
}

/** The server cannot be had here; the message says in one paragraph why, and what a person can do. */
export class ServerUnavailableError extends Error {
  constructor(
    readonly server: string,
    why: string,
    ways: string,
    cause?: unknown,
  ) {
    super(`${server} is not available: ${why}. ${ways}`, { cause });
    this.name = 'ServerUnavailableError';
  }
}

/** A server that is not ours, named by a URL in the environment; it is used as it is. */
export function givenServer(
  name: string,
  url: string | undefined,
  defaultPort: number,
): RunningServer | undefined {
  if (!url) return undefined;
  // Not `new URL`: a MongoDB URL may list several hosts.
  const port = /^[^:]+:\/\/(?:[^/]*@)?[^:/,?@]+:(\d+)(?=[/,?]|$)/.exec(url)?.[1];
  return { name, url, port: port ? Number(port) : defaultPort, stop: () => Promise.resolve() };
}
