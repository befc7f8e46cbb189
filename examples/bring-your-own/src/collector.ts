import { freePort, launch } from '@sockshop/supervisor';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

/** The second file: where the kept traces go. */
export type Target = 'zipkin' | 'jaeger' | 'tempo';

export interface Collector {
  /** Base URL for OTLP over HTTP. */
  readonly otlp: string;
  /** Base URL for OTLP over gRPC. */
  readonly otlpGrpc: string;
  /** URL for Zipkin's spans. */
  readonly zipkin: string;
  readonly stop: () => Promise<void>;
}

interface Start {
  /** The Collector's program. */
  readonly program: string;
  /** For its log. */
  readonly dir: string;
  readonly target: Target;
  /** Variables of the configuration, such as DECISION_WAIT. */
  readonly env: Readonly<Record<string, string>>;
}

/** A Collector with the configuration of this folder, on free ports of loopback. */
export async function startCollector({ program, dir, target, env }: Start): Promise<Collector> {
  const folder = join(import.meta.dirname, '..');
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const [grpc, http, zipkin] = ports.map((port) => `127.0.0.1:${port}`) as [string, string, string];
  await mkdir(dir, { recursive: true });
  const files = ['collector.yaml', `to-${target}.yaml`];
  const { stop } = await launch({
    name: `collector-to-${target}`,
    command: program,
    args: files.flatMap((file) => ['--config', join(folder, file)]),
    env: { OTLP_GRPC: grpc, OTLP_HTTP: http, ZIPKIN_RECEIVER: zipkin, ...env },
    dir,
    ready: async () => (await Promise.all(ports.map(listens))).every(Boolean),
  });
  const urls = { otlp: `http://${http}`, otlpGrpc: `http://${grpc}` };
  return { ...urls, zipkin: `http://${zipkin}/api/v2/spans`, stop };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
