import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { HTTP_CHAIN } = await import('./options.ts');

HTTP_CHAIN.action(async (options) => {
  const { runChain } = await import('./run-chain.ts');
  await runChain(options);
});
await run(HTTP_CHAIN);
