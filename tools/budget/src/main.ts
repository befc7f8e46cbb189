import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { BUDGET } = await import('./options.ts');
const { budget } = await import('./budget.ts');

BUDGET.action(async (options) => {
  process.exitCode = await budget(options);
});
keepPrivate();
await run(BUDGET);
