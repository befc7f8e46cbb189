import { type DefineService, runService } from '@sockshop/service';
import { QueueMasterConfig } from './config.ts';
import { queueMaster } from './queue-master.module.ts';

export const define: DefineService = (env, argv) => queueMaster(QueueMasterConfig.read(env, argv));

if (import.meta.main) await runService('queue-master', define);
