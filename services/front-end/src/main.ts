import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { FrontEndConfig } = await import('./config.ts');
const { frontEnd } = await import('./front-end.module.ts');

export const define: DefineService = (env, argv) => frontEnd(FrontEndConfig.read(env, argv));

if (import.meta.main) await runService('front-end', define);
