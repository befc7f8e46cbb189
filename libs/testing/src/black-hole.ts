import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Listens with room for one connection, then stops for good without accepting any. */
const LISTENER = `
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
/** The kernel rounds a small backlog up. */
const FILLED = 16;

/** An address that drops packets: connecting to it neither succeeds nor fails. It is a listener whose backlog is full. */
export class BlackHole {
  private constructor(
    readonly port: number,
    private readonly listener: ChildProcess,
    private readonly filling: readonly Socket[],
  ) {}

  static async open(): Promise<BlackHole> {
    const listener = spawn(process.execPath, ['-e', LISTENER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = (await once(listener.stdout, 'data')) as [Buffer];
    const port = Number(text.toString());
    const filling = Array.from({ length: FILLED }, () => {
      const socket = connect(port, '127.0.0.1');
      return socket.on('error', () => undefined);
    });
    await once(filling[0]!, 'connect');
    return new BlackHole(port, listener, filling);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.filling) socket.destroy();
    this.listener.kill('SIGKILL');
    await once(this.listener, 'close');
  }
}
