import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedOptions, parseOptions, USAGE, UsageError } from './options.ts';
import { type Shop, startShop } from './shop.ts';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))); // deploy/embedded/dist/main.js
/** Ctrl-C stops everything within this time, whatever hangs. */
const SHUTDOWN_MS = 4500;

let options: EmbeddedOptions | undefined;
try {
  options = parseOptions(process.argv.slice(2), ROOT);
  if (options) await run(options);
  else console.log(USAGE);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

async function run(options: EmbeddedOptions): Promise<void> {
  process.on('unhandledRejection', (error) => {
    console.error('unhandled rejection', error);
  });
  const shop = await startShop(options, process.env);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return; // npm and the terminal both pass a Ctrl-C on
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
  console.log(`Sock Shop is ready: ${shop.url}`);
}

function table({ parts }: Shop): string {
  const rows = [
    ['part', 'address', 'keeps'],
    ...parts.map(({ name, url, keeps }) => [name, url, keeps]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .join('\n');
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE}`;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    const option = error.port === options?.tracePort ? '--trace-port' : '--port';
    return `Port ${String(error.port)} is in use. Choose another with: npm start -- ${option} N`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
