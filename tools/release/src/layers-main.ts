import '@sockshop/node-version'; // before all that an older Node cannot load
import { join } from 'node:path';

const { Argument, command, path, run } = await import('@sockshop/cli');
const { writeImageLayers } = await import('./image-layers.ts');

/** Architectures in Docker's words, and in Node's. */
const ARCHITECTURES = { amd64: 'x64', arm64: 'arm64' };

/** Called by deploy/Dockerfile once all is built. */
const LAYERS = command('node tools/release/dist/layers-main.js')
  .description('Writes the files of every container image into folders, one a layer.')
  .argument('<folder>', 'where', path)
  .addArgument(new Argument('<architecture>', 'of the images').choices(['amd64', 'arm64'] as const))
  .action((out, architecture) =>
    writeImageLayers(join(import.meta.dirname, '../../..'), out, {
      platform: 'linux',
      arch: ARCHITECTURES[architecture],
    }),
  );
await run(LAYERS);
