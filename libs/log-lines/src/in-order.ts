import type { LogLine } from './log-line.ts';

/** The lines of several logs, each in the order of time, in one such order. Only one line of each is in memory. */
export async function* inOrder(
  logs: readonly AsyncGenerator<LogLine, void>[],
): AsyncGenerator<LogLine, void> {
  try {
    const heads = await Promise.all(logs.map(async (log) => ({ log, line: await next(log) })));
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads)
        if (head.line && !(first?.line && first.line.atMs <= head.line.atMs)) first = head;
      if (!first?.line) return;
      yield first.line;
      first.line = await next(first.log);
    }
  } finally {
    await Promise.all(logs.map((log) => log.return()));
  }
}

async function next(log: AsyncGenerator<LogLine, void>): Promise<LogLine | undefined> {
  return (await log.next()).value ?? undefined;
}
