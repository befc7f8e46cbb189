import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a service and a real server, and can take the server away. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server;
  port = 0;

  private constructor(private readonly to: { host: string; port: number }) {
    this.server = this.fresh();
  }

  /** `port` 0: a free one; the server is away until `restore()`. */
  static async reserve(to: { host: string; port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(to);
    await proxy.restore();
    await proxy.cut();
    return proxy;
  }

  async restore(): Promise<void> {
    this.server = this.fresh();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port; // a TCP server has no other kind of address
  }

  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private fresh(): Server {
    return createServer((near) => {
      const far = connect(this.to);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
        socket.on('error', () => undefined); // 'close' follows
      }
      near.pipe(far).pipe(near);
    });
  }
}
