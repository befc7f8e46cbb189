import '@sockshop/node-version'; // before all that an older Node cannot load
import type { Context } from './context.ts';

const { CommandError, fileProblem, run } = await import('@sockshop/cli');
const { ServerUnavailableError } = await import('@sockshop/servers');
const { keepPrivate } = await import('@sockshop/supervisor');
const { backup } = await import('./backup.ts');
const { BACKUP, backupOptions, PROGRAM, RESTORE } = await import('./options.ts');
const { restore } = await import('./restore.ts');

const ends: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;
const state = { finishing: false, interrupted: false };
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (state.finishing) return;
    state.interrupted = true;
    void end().then(exit);
  });

const context: Context = {
  say: (line) => {
    console.log(line);
  },
  cleanUp: (how) => ends.push(how),
  finishing: () => (state.finishing = true),
};
BACKUP.action((file, values) =>
  done('No backup was written', () => backup(backupOptions(file, values), context)),
);
RESTORE.action((file, values) =>
  done('Not restored', () => restore(backupOptions(file, values), values.yes ?? false, context)),
);
keepPrivate();
await run(PROGRAM);
exit();

/** Cleans up in any case. A driver's or the system's error gets the effect before its message, such as a full disk's. */
async function done(effect: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (state.interrupted) return;
    if (error instanceof CommandError) throw error;
    const why = fileProblem(error) ?? (error instanceof Error ? error.message : String(error));
    const whole = error instanceof ServerUnavailableError ? why : `${effect}: ${why}`;
    throw new CommandError(whole, { cause: error });
  } finally {
    await end();
  }
}

function exit(): never {
  if (state.interrupted) {
    console.error('Interrupted: nothing was saved or restored.');
    process.exitCode = 1;
  }
  process.exit();
}

/** Once, also when a signal comes in the midst of it. */
function end(): Promise<void> {
  ending ??= (async () => {
    for (const how of ends.reverse()) await how().catch(() => undefined); // the others are still to be done
  })();
  return ending;
}
