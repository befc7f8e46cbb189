import { CommandError, run } from '@sockshop/cli';
import { keepPrivate } from '@sockshop/supervisor';
import { constants } from 'node:fs';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BENCH, type BenchOptions, benchOptions } from './options.ts';
import { failuresOf, summary } from './summary.ts';
import { markdown } from './markdown.ts';
import { measureAll } from './measure-all.ts';
import { Result } from './result.ts';

/** A message that the kernel of a terminal, a service manager or a closed window sends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

BENCH.action(async (values) => {
  const options = benchOptions(values);
  const result = options.from === undefined ? await measured(options) : await read(options.from);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(result)}\n`);
  if (options.markdown !== undefined) await writeFile(options.markdown, markdown(result));
  console.log(summary(result));
  const failures = failuresOf(result);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
});
keepPrivate();
await run(BENCH);

async function measured(options: BenchOptions): Promise<Result> {
  for (const file of [options.json, options.markdown])
    if (file !== undefined) await access(dirname(file), constants.W_OK); // better now than after the run
  const stop = new AbortController();
  const end = (): void => {
    stop.abort(new CommandError('Stopped before its end: there is no result.'));
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await measureAll(options, stop.signal, console.log);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

/** @throws CommandError for a file that is no result of this command */
async function read(file: string): Promise<Result> {
  const text = await readFile(file, 'utf8');
  try {
    return Result.parse(JSON.parse(text));
  } catch (cause) {
    throw new CommandError(`${file} is not a result that npm run bench -- --json has written.`, {
      cause,
    });
  }
}
