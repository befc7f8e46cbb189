import { run } from '@sockshop/cli';
import { LOAD, loadOptions } from './options.ts';
import { runLoad } from './run-load.ts';

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
