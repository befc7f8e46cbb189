import type { ServiceName } from '@sockshop/parts';
import { freePort } from '@sockshop/supervisor';
import { type Behaviour, StandIn, until } from '@sockshop/testing';
import { haproxy } from '@sockshop/testing/real-servers';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import {
  Agent,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request,
  type RequestOptions,
} from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Router, startRouter } from '../src/index.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
}

interface Sent extends Pick<RequestOptions, 'method' | 'headers' | 'agent' | 'signal'> {
  readonly port: number;
  readonly path?: string;
  readonly body?: string | Buffer;
}

/** Not `fetch`, which does not send a Host of one's own. */
export function send({ port, path = '/', body, ...options }: Sent): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const { statusCode: status = 0, headers } = response;
      buffer(response).then((bytes) => {
        resolve({ status, headers, text: bytes.toString(), bytes });
      }, reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** A router of its own on free ports, and small servers as instances: each answers its name. */
export class Routed {
  readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly standIns = new Map<string, StandIn>();

  private constructor(
    readonly router: Router,
    readonly dir: string,
    private readonly running: { pid: number },
    private readonly stopping: AbortController,
  ) {}

  /** Of HAProxy; 0 while it does not run. */
  get pid(): number {
    return this.running.pid;
  }

  static async start(): Promise<Routed> {
    const dir = mkdtempSync(join(tmpdir(), 'edge-router-'));
    const stopping = new AbortController();
    const running = { pid: 0 };
    const router = await startRouter({
      dir,
      program: haproxy.url,
      ports: {
        edge: await freePort(),
        statistics: await freePort(),
        mesh: await freePort(),
        doors: { orders: await freePort() },
      },
      log: join(dir, 'edge-router.log'),
      say: () => undefined,
      released: stopping.signal,
      noted: (process) => {
        running.pid = process?.pid ?? 0;
      },
    });
    return new Routed(router, dir, running, stopping);
  }

  /** Starts an instance and adds it. `answer` is for all requests but those of checks. */
  async add(
    service: ServiceName,
    version: string,
    name: string,
    answer: Behaviour = () => ({ status: 200, body: name }),
  ): Promise<StandIn> {
    const standIn = await StandIn.start((received, earlier) =>
      received.path === '/readyz' ? { status: 200 } : answer(received, earlier),
    );
    await this.standIns.get(name)?.close(); // one that has left, and comes back under its name
    this.standIns.set(name, standIn);
    await this.router.addInstance(service, {
      version,
      name,
      host: '127.0.0.1',
      port: standIn.port,
    });
    return standIn;
  }

  /** A call as a service makes it. */
  call(service: string, sent: Partial<Sent> = {}): Promise<Reply> {
    const { mesh } = this.router.ports;
    return send({
      port: mesh,
      agent: this.agent,
      ...sent,
      headers: { host: service, ...(sent.headers as OutgoingHttpHeaders | undefined) },
    });
  }

  /** How many of so many calls, ten at a time, got which answer: a text, or a status that is not 200. */
  async counts(
    service: string,
    calls: number,
    sent: Partial<Sent> = {},
  ): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    let left = calls;
    const caller = async (): Promise<void> => {
      while (left-- > 0) {
        const { status, text } = await this.call(service, sent);
        const key = status === 200 ? text : String(status);
        counts[key] = (counts[key] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: 10 }, caller));
    return counts;
  }

  /** Sends the text to the public edge as it is, and resolves with all that comes until the connection ends. */
  raw(text: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(this.router.ports.edge, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.once('close', () => {
        resolve(answer);
      });
      socket.write(text);
    });
  }

  /** @throws SyntaxError where a line is no JSON */
  accessLog(): Record<string, unknown>[] {
    return readFileSync(join(this.dir, 'edge-router.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>); // checked by the tests
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    if (this.pid > 0) process.kill(this.pid);
    await until(() => this.pid === 0);
    this.agent.destroy();
    for (const standIn of this.standIns.values()) await standIn.close();
    rmSync(this.dir, { recursive: true });
  }
}
