import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { MESH } = await import('./options.ts');

process.stdout.on('error', () => undefined); // the reader has gone; the command goes on
await run(MESH);
