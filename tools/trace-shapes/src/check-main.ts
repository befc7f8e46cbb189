import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { CHECK } = await import('./check-options.ts');
const { check } = await import('./check.ts');

CHECK.action(async (options) => {
  process.exitCode = await check(options);
});
keepPrivate();
await run(CHECK);
