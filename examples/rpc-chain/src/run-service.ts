import { Tracing, tracingConfig } from '@sockshop/tracing';
import { logOf } from './log.ts';
import { Registry } from './registry.ts';
import { RpcServer, type Served } from './rpc-server.ts';

/** A service in its own process: PORT is where it listens, ZOOKEEPER_URL where it is listed. SIGTERM makes it leave. */
export async function runService(
  name: string,
  port: number,
  serve: (tracing: Tracing, registry: Registry) => Promise<Omit<Served, 'service'>>,
): Promise<void> {
  const log = logOf(name);
  const tracing = await Tracing.start(name, tracingConfig(process.env));
  const registry = await Registry.connect(process.env['ZOOKEEPER_URL'] ?? '127.0.0.1:2181');
  const { answer, ...served } = await serve(tracing, registry);
  const logged: Served = {
    ...served,
    service: name,
    answer: async (request) => {
      const words = await answer(request);
      log('answered', { ...words });
      return words;
    },
  };
  const server = await RpcServer.start(
    tracing,
    registry,
    logged,
    Number(process.env['PORT'] ?? port),
  );
  const leave = async (): Promise<void> => {
    await server.leave();
    registry.close();
    await tracing.shutdown();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave());
  log('listening', { address: server.address });
  process.send?.(server.address);
}
