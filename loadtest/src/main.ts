import { help, parseOptions, UsageError } from './options.ts';
import { run } from './run.ts';

const stop = new AbortController();
/** At the second signal answers on their way are not waited for. */
const cut = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) cut.abort();
    stop.abort();
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(help);
  } else {
    const summary = await run(options, process.stdout, stop.signal, cut.signal);
    if (options.failOnErrors && summary.errors > 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\nSee --help.\n`);
  process.exitCode = 2;
}
