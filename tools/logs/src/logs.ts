import { CommandError, run } from '@sockshop/cli';
import type { LogLine } from '@sockshop/log-lines';
import { Follower } from './follow.ts';
import { type LogOptions, PROGRAM } from './options.ts';
import { logsOf, placesOf } from './places.ts';
import { Search } from './search.ts';
import { shown } from './shown.ts';

process.stdout.on('error', () => process.exit(0)); // a reader such as head has what it wanted
PROGRAM.action(async (options) => {
  const places = placesOf(options);
  const logs = logsOf(places, options.service);
  const search = new Search(options);
  const follower = options.follow ? new Follower(() => logsOf(places, options.service)) : undefined;
  let lines = 0;
  for await (const line of search.found(logs, logsOf(places, undefined), follower?.ends())) {
    lines += 1;
    await print(line, options);
  }
  if (follower) {
    for await (const line of follower.lines())
      if (search.isAskedFor(line)) await print(line, options);
  }
  if (lines === 0) throw new CommandError(`No line ${wanted(options)} is in ${places.join(', ')}.`);
});
await run(PROGRAM);

/** Waits where the reader is slower than the logs. */
async function print(line: LogLine, { json, trace }: LogOptions): Promise<void> {
  const text = json ? line.text : shown(line, trace === undefined);
  if (!process.stdout.write(`${text}\n`))
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
}

/** The conditions, as they were given. */
function wanted({ trace, order, service, level, since, grep }: LogOptions): string {
  const parts = [
    service !== undefined && `of ${service}`,
    order !== undefined && `about order ${order}`,
    trace !== undefined && `of trace ${trace}`,
    level !== undefined && `of level ${level} or worse`,
    grep !== undefined && `that matches ${grep.source}`,
    since !== undefined && `since ${new Date(since).toISOString()}`,
  ];
  return parts.filter((part) => part !== false).join(' and ') || 'at all';
}
