import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { TRACE_CHECKS } = await import('./options.ts');
const { traceChecks } = await import('./trace-checks.ts');

TRACE_CHECKS.action(async (options) => {
  process.exitCode = await traceChecks(options);
});
keepPrivate();
await run(TRACE_CHECKS);
