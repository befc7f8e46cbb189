import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Tracing } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import type { Method, Name, Words } from './methods.ts';
import type { Registry } from './registry.ts';
import { serverSpan } from './rpc-spans.ts';

/** In ms: without a new call for so long, every caller has seen that the instance is no longer listed. */
const QUIET_MS = 300;
/** In ms: no longer, also where callers go on and where ZooKeeper is unavailable. */
const LEAVE_MS = 5000;

export interface Served {
  readonly service: string;
  readonly method: Method;
  /** The function that answers, as `HelloService.hello`. */
  readonly handler: string;
  readonly answer: (request: Name) => Promise<Words>;
}

/** A gRPC server that is listed in the registry while it serves. */
export class RpcServer {
  private readonly server = new Server();
  private lastCall = 0;
  /** `host:port`, as it is listed. */
  address = '';

  private constructor(
    private readonly registry: Registry,
    private readonly served: Served,
  ) {}

  static async start(
    tracing: Tracing,
    registry: Registry,
    served: Served,
    port: number,
  ): Promise<RpcServer> {
    const rpc = new RpcServer(registry, served);
    await rpc.listen(tracing, port);
    return rpc;
  }

  /** Leaves while calls go on: it is no longer listed, answers until no one calls it, finishes running calls, then ends. */
  async leave(): Promise<void> {
    const over = performance.now() + LEAVE_MS;
    const enough = pause(LEAVE_MS, undefined, { ref: false });
    const { service } = this.served;
    await Promise.race([this.registry.unregister(service, this.address), enough]);
    this.lastCall = performance.now();
    const left = (): number => Math.min(this.lastCall + QUIET_MS, over) - performance.now();
    while (left() > 0) await pause(left());
    await new Promise<void>((resolve, reject) => {
      this.server.tryShutdown((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  private async listen(tracing: Tracing, wanted: number): Promise<void> {
    const { service, method, handler, answer } = this.served;
    const traced = serverSpan(tracing, method, handler, (request) => {
      this.lastCall = performance.now();
      return answer(request);
    });
    const name = method.path.slice(method.path.lastIndexOf('/') + 1);
    this.server.addService({ [name]: method }, { [name]: traced });
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = ServerCredentials.createInsecure();
      this.server.bindAsync(`127.0.0.1:${wanted}`, credentials, (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    this.address = `127.0.0.1:${port}`;
    Object.assign(tracing.localAddress, { address: '127.0.0.1', port });
    await this.registry.register(service, this.address);
  }
}
