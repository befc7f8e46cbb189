import '@sockshop/node-version'; // before all that an older Node cannot load
import type { StartOptions } from './options.ts';

const { run } = await import('@sockshop/cli');
const { callersFirst } = await import('@sockshop/parts');
const { endProcesses, ends, readState, removeState, runs } = await import('@sockshop/supervisor');
const { PROGRAM, START, STATUS, STOP } = await import('./options.ts');
const { DistributedShop, ShopStartError } = await import('./shop.ts');
const { statusTable } = await import('./status-table.ts');

/** Longer than the launcher's own limits for all its processes together. */
const STOP_WITHIN_MS = 90_000;

process.stdout.on('error', () => undefined); // the reader has gone; the shop keeps running
START.action(start);
STOP.action(stop);
STATUS.action(status);
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

async function stop({ dir }: Pick<StartOptions, 'dir'>): Promise<void> {
  const state = readState(dir);
  if (!state) {
    console.log('Sock Shop is not running.');
    return;
  }
  const startedAt = Date.now();
  if (runs(state.launcher)) {
    process.kill(state.launcher.pid, 'SIGTERM');
    if (!(await ends(state.launcher, STOP_WITHIN_MS)))
      throw new ShopStartError(
        `The launcher, process ${state.launcher.pid}, does not end. See its output, or kill it.`,
      );
  } else {
    const ended = await endProcesses(state.parts, callersFirst());
    removeState(dir);
    console.log(`The launcher had been killed; it had left ${ended} processes.`);
  }
  console.log(`Stopped in ${seconds(startedAt)}`);
}

/** Sets code 1 unless the shop runs, so that scripts can check. */
async function status({ dir }: Pick<StartOptions, 'dir'>): Promise<void> {
  const state = readState(dir);
  if (!state) {
    console.log('Sock Shop is not running.');
    process.exitCode = 1;
    return;
  }
  console.log(await statusTable(state));
  if (runs(state.launcher)) {
    console.log(`\n${state.url}, since ${state.startedAt}; logs: ${state.logs}`);
    return;
  }
  console.log('\nThe launcher was killed: npm run stop ends what it left.');
  process.exitCode = 1;
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
