import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be opened later than those who use it come, closed, and blocked. */
export class TcpGate {
  private readonly pairs = new Set<[incoming: Socket, outgoing: Socket]>();
  private readonly server;
  private blocked = false;
  /** The target's, with the gate's port. */
  readonly url: URL;

  constructor(
    private readonly port: number,
    target: URL,
  ) {
    this.url = new URL(target);
    this.url.hostname = '127.0.0.1';
    this.url.port = String(port);
    this.server = createServer((incoming) => {
      const outgoing = connect(Number(target.port), target.hostname);
      const pair: [Socket, Socket] = [incoming, outgoing];
      this.pairs.add(pair);
      for (const socket of pair) {
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.pairs.delete(pair);
          incoming.destroy();
          outgoing.destroy();
        });
      }
      if (!this.blocked) join(pair);
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Connections are accepted and kept, and nothing comes through: a server that hangs. */
  block(): void {
    this.blocked = true;
    for (const [incoming, outgoing] of this.pairs) {
      incoming.unpipe(outgoing).pause();
      outgoing.unpipe(incoming).pause();
    }
  }

  /** What has waited comes through. */
  unblock(): void {
    this.blocked = false;
    for (const pair of this.pairs) join(pair);
  }
}

function join([incoming, outgoing]: [Socket, Socket]): void {
  incoming.pipe(outgoing).pipe(incoming);
}
