import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { requireTarget } from '../src/require-target.ts';
import { Workplace } from './workplace.ts';

const workplace = new Workplace();

describe('the name of a backup', () => {
  const named = (name: string): string => join(workplace.dir, name);
  async function* nothing(): AsyncGenerator<never> {
    // A backup without tables.
  }

  it('may be new, of an empty file, and of an older backup, whole or cut off', async () => {
    await requireTarget(named('new'));
    await writeFile(named('empty'), '');
    await requireTarget(named('empty'));
    const older = await workplace.write(nothing());
    await requireTarget(older);
    const bytes = await readFile(older);
    await writeFile(named('cut'), bytes.subarray(0, bytes.length - 9));
    await requireTarget(named('cut'));
  });

  it.each([
    ['a folder', 'is a folder', (path: string) => mkdir(path)],
    [
      'another file, such as a database of the shop',
      'is there already, and is not a backup of Sock Shop',
      (path: string) => writeFile(path, 'SQLite format 3'),
    ],
    [
      'a socket, a device or a pipe, which a rename would replace',
      'is not a file, but a device or a pipe',
      async (path: string) => {
        const server = createServer().listen(path);
        workplace.cleanUp(async () => {
          server.close();
          await once(server, 'close');
        });
        await once(server, 'listening');
      },
    ],
  ])('is not of %s', async (_title, why, make) => {
    const path = named('it');
    await make(path);
    await expect(requireTarget(path)).rejects.toThrow(
      `No backup was written: ${path} ${why}. Choose another name.`,
    );
  });

  it('is in a folder that is there', async () => {
    await writeFile(named('file'), '');
    await expect(requireTarget(named('no/where'))).rejects.toThrow(
      /no\/where cannot be used: .*ENOENT/,
    );
    await expect(requireTarget(named('file/it'))).rejects.toThrow(
      /file\/it cannot be used: .*ENOTDIR/,
    );
  });
});
