import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Used when a URL has no port. */
const DEFAULT_PORTS: Record<string, number> = {
  'amqp:': 5672,
  'http:': 80,
  'mongodb:': 27017,
  'mysql:': 3306,
};

/** Stands between a service and a real server. It can cut the connection, or make the server hang. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server;
  private held = false;
  port = 0;

  private constructor(private readonly target: URL) {
    this.server = this.fresh();
  }

  /** Starts in front of this URL's server and passes connections on at once. */
  static async to(target: string | URL): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    await proxy.restore();
    return proxy;
  }

  /** Has its port (0: a free one), but refuses connections until `restore()`. */
  static async reserve(target: string | URL, port = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(target));
    proxy.port = port;
    if (port > 0) return proxy;
    await proxy.restore();
    await proxy.cut();
    return proxy;
  }

  /** The target's URL, with the proxy's address. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Listens again, on the same port. */
  async restore(): Promise<void> {
    this.server = this.fresh();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port; // a TCP server has no other kind of address
  }

  /** Ends all connections and refuses new ones. */
  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  /** Keeps connections and accepts new ones but passes no byte on, like a server that hangs. */
  hold(): void {
    this.held = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Passes on the bytes that waited. */
  release(): void {
    this.held = false;
    for (const socket of this.sockets) socket.resume();
  }

  private fresh(): Server {
    return createServer((near) => {
      const { port, protocol, hostname } = this.target;
      const far = connect(Number(port) || DEFAULT_PORTS[protocol]!, hostname);
      this.join(near, far);
      this.join(far, near);
    });
  }

  /** Uses 'data' events, because `pipe()` would resume a paused socket. */
  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (bytes) => to.write(bytes));
    from.on('error', () => undefined); // 'close' follows
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    if (this.held) from.pause();
  }
}
