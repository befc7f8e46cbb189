import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { BRING_YOUR_OWN } = await import('./options.ts');

BRING_YOUR_OWN.action(async (options) => {
  const { runExample } = await import('./run-example.ts');
  await runExample(options);
});
await run(BRING_YOUR_OWN);
