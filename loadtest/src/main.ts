import '@sockshop/node-version'; // before all that an older Node cannot load

const { run } = await import('@sockshop/cli');
const { LOAD, loadOptions } = await import('./options.ts');
const { runLoad } = await import('./run-load.ts');

const stop = new AbortController();
/** The second signal aborts running requests. */
const cut = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) cut.abort();
    stop.abort();
  });
}

LOAD.action(async (values) => {
  const summary = await runLoad(loadOptions(values), process.stdout, stop.signal, cut.signal);
  if (values.failOnErrors && summary.errors > 0) process.exitCode = 1;
});
await run(LOAD);
