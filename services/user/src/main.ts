import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { UserConfig } = await import('./config.ts');
const { user } = await import('./user.module.ts');

export const define: DefineService = (env, argv) => user(UserConfig.read(env, argv));

if (import.meta.main) await runService('user', define);
