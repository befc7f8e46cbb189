import { type DefineService, runService } from '@sockshop/service';
import { FrontEndConfig } from './config.ts';
import { frontEnd } from './front-end.module.ts';

export const define: DefineService = (env, argv) => frontEnd(FrontEndConfig.read(env, argv));

if (import.meta.main) await runService('front-end', define);
