import { type DefineService, runService } from '@sockshop/service';
import { UserConfig } from './config.ts';
import { user } from './user.module.ts';

export const define: DefineService = (env, argv) => user(UserConfig.read(env, argv));

if (import.meta.main) await runService('user', define);
