import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { SCALING, scaling } = await import('./scaling.ts');

SCALING.action(scaling);
keepPrivate();
await run(SCALING);
