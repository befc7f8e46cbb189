import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { SOAK } = await import('./options.ts');
const { soak } = await import('./soak.ts');

SOAK.action(async (options) => {
  process.exitCode = await soak(options);
});
keepPrivate();
await run(SOAK);
