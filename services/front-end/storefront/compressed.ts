import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg|html)$/;
const ENCODERS = {
  br: (content: Buffer) => promisify(brotliCompress)(content),
  gz: (content: Buffer) => promisify(gzip)(content, { level: 9 }),
};

/** Each text file of a build also compressed, once for all visitors: the server sends what the browser takes. Threads of Node share the work. */
export const compressed: Plugin = {
  name: 'compressed',
  async writeBundle({ dir = '' }, bundle) {
    const files = Object.entries(bundle).filter(([name]) => TEXT.test(name));
    const writes = files.flatMap(([name, file]) => {
      const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
      return Object.entries(ENCODERS).map(async ([end, encode]) => {
        await writeFile(join(dir, `${name}.${end}`), await encode(content));
      });
    });
    await Promise.all(writes);
  },
};
