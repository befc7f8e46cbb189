import { aligned, CommandError, run } from '@sockshop/cli';
import { type EmbeddedOptions, START } from './options.ts';
import type { Shop } from './shop.ts';

/** Ctrl-C stops everything within this time, even if something hangs. */
const SHUTDOWN_MS = 4500;

/** Runs the shop that `start` returns until Ctrl-C. */
export async function runShop(start: (options: EmbeddedOptions) => Promise<Shop>): Promise<void> {
  START.action(async (options) => {
    const shop = await start(options).catch((error: unknown) => {
      throw explained(error, options);
    });
    untilStopped(shop);
  });
  await run(START);
  if (process.exitCode) process.exit();
}

function untilStopped(shop: Shop): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return; // npm and the terminal both pass on a Ctrl-C
    stopping = true;
    console.log('\nStopping …');
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    void shop.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  console.log(table(shop));
  console.log(`Log: ${shop.logFile}`);
  if (shop.observatoryUrl) console.log(`Observatory: ${shop.observatoryUrl}`);
  console.log(`Started in ${(performance.now() / 1000).toFixed(1)} s`);
  console.log(`Sock Shop is ready: ${shop.url}`);
}

/** Names the option that changes a port that is in use. */
function explained(error: unknown, { tracePort }: EmbeddedOptions): unknown {
  if (!(error instanceof Error && 'port' in error)) return error;
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error;
  const option = error.port === tracePort ? '--trace-port' : '--port';
  return new CommandError(
    `Port ${String(error.port)} is in use. Choose another with: ${START.name()} ${option} N`,
    { cause: error },
  );
}

function table({ parts }: Shop): string {
  const rows = parts.map(({ name, url, keeps }) => [name, url, keeps]);
  return aligned([['part', 'address', 'keeps'], ...rows], 3);
}
