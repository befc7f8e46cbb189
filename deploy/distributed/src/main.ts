import '@sockshop/node-version'; // before all that an older Node cannot load
import type { StartOptions } from './options.ts';

const { run } = await import('@sockshop/cli');
const { keepPrivate } = await import('@sockshop/supervisor');
const { PROGRAM, START, STATUS, STOP } = await import('./options.ts');
const { DistributedShop } = await import('./shop.ts');
const { status } = await import('./status.ts');
const { statusTable } = await import('./status-table.ts');
const { stop } = await import('./stop.ts');

process.stdout.on('error', () => undefined); // the reader has gone; the shop keeps running
START.action(start);
STOP.action(stop);
STATUS.action(async (places) => {
  if (!(await status(places))) process.exitCode = 1; // for scripts
});
keepPrivate();
await run(PROGRAM);
process.exit();

/** Runs until a signal arrives. */
async function start(options: StartOptions): Promise<void> {
  const startedAt = Date.now();
  const signalled = new Promise<'stop'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        resolve('stop'); // npm and the terminal both pass on a Ctrl-C: the second one changes nothing
      });
  });
  const shop = await DistributedShop.prepare(options, (line) => {
    console.log(`  ${line}`);
  });
  try {
    if ((await Promise.race([shop.start(), signalled])) !== 'stop') {
      console.log(`\n${await statusTable(shop.state)}\n`);
      console.log(`Logs: ${shop.state.logs}; started in ${seconds(startedAt)}`);
      if (process.env['OBSERVATORY'] !== 'off')
        console.log(`Observatory: ${shop.state.url}/observatory`);
      console.log(`Sock Shop is ready: ${shop.state.url}`);
      await signalled;
    }
    console.log('\nStopping …');
  } finally {
    const stoppingAt = Date.now();
    await shop.stop();
    console.log(`Stopped in ${seconds(stoppingAt)}`);
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
