import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { CONTAINERS } = await import('./options.ts');
const { testContainers } = await import('./test-containers.ts');

CONTAINERS.action(async (options) => {
  process.exitCode = await testContainers(options);
});
await run(CONTAINERS);
