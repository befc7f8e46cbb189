import type { Load } from './load.ts';
import { LoadRun } from './load-run.ts';

const run = new LoadRun();
process.on('message', (load: Load) => {
  void run.drive(load).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
