import { copyFile } from 'node:fs/promises';
import { MongoBinary } from 'mongodb-memory-server-core';

// Run as a process of its own by mongodb-binary.ts: the library keeps its memory to itself, and takes its settings from variables.
const [downloadDir = '', version = '', file = ''] = process.argv.slice(2);
console.log = () => undefined; // its progress, a line every two seconds
try {
  const binary = await MongoBinary.getPath({ downloadDir, version });
  await copyFile(binary, file); // another program's store may have had it already
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(why.replaceAll(/\s+/g, ' '));
  process.exit(1); // a connection of the library's may still be open
}
