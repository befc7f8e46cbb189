import { command, run } from '@sockshop/cli';
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

const load = command(LOAD, async (values) => {
  const summary = await runLoad(loadOptions(values), process.stdout, stop.signal, cut.signal);
  return values.failOnErrors && summary.errors > 0 ? 1 : 0;
});
process.exitCode = await run(load);
