import { connect } from 'node:net';

/**
 * Connects to a loopback port, sends `words` and returns the first bytes that come back: how a server shows
 * that it is ready. Rejects as the connection does, or after two silent seconds.
 */
export function greet(port: number, words?: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2000 }, () => {
      if (words) socket.write(words);
    });
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer);
    });
    socket.once('timeout', () => socket.destroy(new Error(`port ${port} does not answer`)));
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error(`port ${port} closed the connection`));
    });
  });
}
