import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The network to a server: a test can cut it, make it hold every byte, and restore it. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  private held = false;

  private constructor(
    private readonly far: { host: string; port: number },
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (near) => {
      this.join(near);
    });
  }

  static async to(host: string, port: number): Promise<Cable> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Cable({ host, port }, server, (server.address() as AddressInfo).port);
  }

  /** Closes all connections and refuses new ones. */
  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  async mend(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Accepts and keeps connections, but forwards no byte. */
  hold(): void {
    this.held = true;
    for (const socket of this.sockets) socket.pause();
  }

  release(): void {
    this.held = false;
    for (const socket of this.sockets) socket.resume();
  }

  private join(near: Socket): void {
    const far = connect(this.far);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.on('data', (bytes) => other.write(bytes));
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      if (this.held) socket.pause();
    }
  }
}
