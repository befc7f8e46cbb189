import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { RPC_CHAIN } = await import('./options.ts');

RPC_CHAIN.action(async (options) => {
  const { runChain } = await import('./run-chain.ts');
  await runChain(options);
});
await run(RPC_CHAIN);
