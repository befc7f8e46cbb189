import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { PACKAGE_CHECK } = await import('./options.ts');
const { packageCheck } = await import('./package-check.ts');

PACKAGE_CHECK.action(async ({ node }) => {
  process.exitCode = await packageCheck(node.split(','));
});
keepPrivate();
await run(PACKAGE_CHECK);
