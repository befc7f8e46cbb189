import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Pool } from 'undici';

/** `stock`: OpenTelemetry's SDK and HTTP instrumentation. Numbers: the share of the requests that are sampled. */
export const MODES = ['off', '0', '0.1', '1', 'stock'] as const;
type Mode = (typeof MODES)[number];

export interface Cost {
  readonly mode: Mode;
  /** Processor time of a request, the median of the rounds. */
  readonly micros: number;
  /** The median of the ratios to `off` in the same round. */
  readonly ratio: number;
}

const AT_ONCE = 8;

/** The cost of a request in each mode. */
export async function measured(options: { rounds: number; requests: number }): Promise<Cost[]> {
  const zipkin = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(202).end());
  }).listen(0, '127.0.0.1');
  await once(zipkin, 'listening');
  const { port } = zipkin.address() as AddressInfo; // a TCP server has no other kind of address
  const url = `http://127.0.0.1:${port}/api/v2/spans`;
  const servers: MeasuredServer[] = [];
  try {
    for (const mode of MODES) servers.push(await MeasuredServer.start(mode, url));
    for (const server of servers) await server.turn(options.requests); // until the code is compiled
    const rounds: number[][] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      const costs: number[] = [];
      for (const server of servers) costs.push(await server.turn(options.requests));
      rounds.push(costs);
    }
    return MODES.map((mode, at) => ({
      mode,
      micros: median(rounds.map((costs) => costs[at] ?? 0)),
      ratio: median(rounds.map((costs) => (costs[at] ?? 0) / (costs[0] ?? 0))),
    }));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    zipkin.close();
    zipkin.closeAllConnections();
  }
}

class MeasuredServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly pool: Pool,
  ) {}

  static async start(mode: Mode, zipkin: string): Promise<MeasuredServer> {
    const program = join(import.meta.dirname, '../programs/server.mjs');
    const child = fork(program, [mode, zipkin], { execArgv: [] });
    const [port] = (await once(child, 'message')) as [number];
    return new MeasuredServer(
      child,
      new Pool(`http://127.0.0.1:${port}`, { connections: AT_ONCE }),
    );
  }

  /** Sends the requests, and returns the processor time of one in µs. */
  async turn(requests: number): Promise<number> {
    const before = await this.usedMicros();
    let left = requests;
    const shopper = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const { body } = await this.pool.request({ path: `/socks/${left}`, method: 'GET' });
        await body.dump();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, shopper));
    return ((await this.usedMicros()) - before) / requests;
  }

  async stop(): Promise<void> {
    await this.pool.close();
    this.process.disconnect();
    await once(this.process, 'exit');
  }

  private async usedMicros(): Promise<number> {
    this.process.send('usage');
    const [{ user, system }] = (await once(this.process, 'message')) as [NodeJS.CpuUsage];
    return user + system;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
