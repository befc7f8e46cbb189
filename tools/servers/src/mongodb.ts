import { secretOf } from '@sockshop/secrets';
import { freePort, greet, launch } from '@sockshop/supervisor';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { mongoProgram } from './mongodb-program.ts';
import { givenServer, type RunningServer, type StartOptions } from './server.ts';

/**
 * MONGO_URL's server; or an own `mongod` where there is one or one can be downloaded; or the stand-in (`mongo-stand-in/README.md`).
 * The own ones listen on loopback and ask for no password.
 */
export async function startMongodb(options: StartOptions): Promise<RunningServer> {
  const { say = () => undefined } = options;
  const dir = resolve(options.dir);
  const given = givenServer('MongoDB', secretOf('MONGO_URL'), 27017);
  if (given) return given;

  const data = join(dir, 'data');
  const { kind, path: command } = await mongoProgram(data, say);
  const port = options.port ?? (await freePort());
  await mkdir(data, { recursive: true });
  const isMongod = kind === 'mongod';
  const { pid, ended, stop } = await launch({
    name: 'mongodb',
    command,
    args: isMongod ? mongodArguments(data, port) : [`127.0.0.1:${port}`, data],
    dir,
    spawned: options.spawned,
    ready: async () => (await greet(port, hello())).includes('isWritablePrimary'),
  });
  const name = isMongod ? 'MongoDB' : 'MongoDB stand-in';
  const url = `mongodb://127.0.0.1:${port}/`;
  return { name, url, port, standIn: !isMongod, pid, ended, stop };
}

function mongodArguments(data: string, port: number): string[] {
  const cacheGb = '0.25'; // the least mongod takes
  return [
    ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--wiredTigerCacheSizeGB', cacheGb],
  ];
}

/** An OP_MSG with the document `{ hello: 1, $db: 'admin' }`. */
function hello(): Buffer {
  const elements = '\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0';
  const message = Buffer.from('\0'.repeat(16 + 4 + 1 + 4) + elements, 'latin1');
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(1, 4); // request id
  message.writeInt32LE(2013, 12); // OP_MSG; flags and the section's kind stay 0
  message.writeInt32LE(4 + elements.length, 21);
  return message;
}
