import { CommandError } from '@sockshop/cli';
import { createServer } from 'node:net';

/** A port that the shop needs is in use. The message names it and the option to change it. */
export class PortInUseError extends CommandError {
  override readonly name = 'PortInUseError';
}

/** @throws PortInUseError */
export function requireFreePort(port: number, use: string, option: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const how = 'code' in error && error.code === 'EADDRINUSE' ? 'is in use' : error.message;
      const advice = `Choose another with: npm run start:distributed -- ${option} N`;
      reject(new PortInUseError(`Port ${port}, for ${use}, ${how}. ${advice}`, { cause: error }));
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve();
      });
    });
  });
}
