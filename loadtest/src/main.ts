import '@sockshop/node-version'; // before all that an older Node cannot load
import type { Threshold } from './thresholds.ts';

const { run } = await import('@sockshop/cli');
const { LOAD, loadOptions, MERGE } = await import('./options.ts');
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
  const { phases: file } = values;
  const phases = file === undefined ? file : await (await import('./phases.ts')).readPhases(file);
  const options = loadOptions(values, phases, values.findCapacity);
  if (values.findCapacity) {
    const { findCapacity } = await import('./find-capacity.ts');
    const { rate: first, step: stepMs, dir } = values;
    const signals = { stop: stop.signal, cut: cut.signal };
    const found = await findCapacity(options, { first, stepMs, dir }, process.stdout, signals);
    if (!found && !stop.signal.aborted) process.exitCode = 1;
    return;
  }
  exitBy(await runLoad(options, process.stdout, stop.signal, cut.signal));
});
MERGE.action(async (files, values) => {
  const { mergeFiles } = await import('./merge-files.ts');
  exitBy(await mergeFiles(files, values, process.stdout));
});
await run(LOAD.enablePositionalOptions().addCommand(MERGE));

function exitBy(thresholds: readonly Threshold[]): void {
  if (thresholds.some(({ held }) => !held)) process.exitCode = 1;
}
