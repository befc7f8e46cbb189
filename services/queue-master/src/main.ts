import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { QueueMasterConfig } = await import('./config.ts');
const { queueMaster } = await import('./queue-master.module.ts');

export const define: DefineService = (env, argv) => queueMaster(QueueMasterConfig.read(env, argv));

if (import.meta.main) await runService('queue-master', define);
