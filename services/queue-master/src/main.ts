import { runService } from '@sockshop/service';
import { QueueMasterConfig } from './config.ts';
import { queueMaster } from './queue-master.module.ts';

await runService('queue-master', () =>
  queueMaster(QueueMasterConfig.read(process.env, process.argv.slice(2))),
);
