import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { DIFF } = await import('./diff-options.ts');
const { diff } = await import('./diff.ts');

DIFF.action(async (before, after, options) => {
  process.exitCode = await diff(before, after, options);
});
await run(DIFF);
