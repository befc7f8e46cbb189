import '@sockshop/node-version'; // before all that an older Node cannot load

const { aligned, run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { BENCH_TRACING } = await import('./options.ts');
const { measured } = await import('./measured.ts');

BENCH_TRACING.action(async (options) => {
  const rows = await measured(options);
  const cells = rows.map(({ mode, micros, ratio }) => [mode, micros.toFixed(1), ratio.toFixed(2)]);
  console.log(aligned([['tracing', 'µs a request', 'times off'], ...cells]));
});
keepPrivate();
await run(BENCH_TRACING);
