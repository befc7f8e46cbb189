import { UsageError } from '@sockshop/cli';
import { ServerUnavailableError } from '@sockshop/servers';
import type { Say } from '@sockshop/supervisor';
import { join } from 'node:path';
import { backup } from './backup.ts';
import type { Context } from './context.ts';
import { type BackupOptions, parseOptions, USAGE } from './options.ts';
import { restore } from './restore.ts';
import { BackupError } from './store.ts';

const ROOT = join(import.meta.dirname, '../../..'); // tools/backup/dist
const COMMANDS: Record<string, (options: BackupOptions, context: Context) => Promise<void>> = {
  backup,
  restore,
};

const [name = '', ...argv] = process.argv.slice(2);
const ends: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;
const state = { finishing: false, interrupted: false };
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (state.finishing) return;
    state.interrupted = true;
    void end().then(() => exit(1));
  });

try {
  await run();
  await end();
  exit(0);
} catch (error) {
  await end();
  if (!state.interrupted) console.error(explain(error));
  exit(1);
}

async function run(): Promise<void> {
  const command = COMMANDS[name];
  if (!command) throw new UsageError(`not a command: ${name}`);
  const options = parseOptions(argv, ROOT, process.env['INIT_CWD'] ?? process.cwd());
  if (!options) {
    console.log(USAGE);
    return;
  }
  const say: Say = (line) => {
    console.log(line);
  };
  const cleanUp: Context['cleanUp'] = (how) => ends.push(how);
  await command(options, { root: ROOT, say, cleanUp, finishing: () => (state.finishing = true) });
}

function exit(code: number): never {
  if (state.interrupted) console.error('Interrupted: nothing was saved or restored.');
  process.exit(state.interrupted ? 1 : code);
}

/** Once, also when a signal comes in the midst of it. */
function end(): Promise<void> {
  ending ??= (async () => {
    for (const how of ends.reverse()) await how().catch(() => undefined); // the others are still to be done
  })();
  return ending;
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof BackupError || error instanceof ServerUnavailableError) return error.message;
  // A driver's or the system's: its message says what is wrong, such as a disk that is full.
  const why = error instanceof Error ? error.message : String(error);
  const effect = name === 'restore' ? 'Not restored' : 'No backup was written';
  return `${effect}: ${why}`;
}
