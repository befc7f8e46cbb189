import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { CartsConfig } = await import('./config.ts');
const { carts } = await import('./carts.module.ts');

export const define: DefineService = (env, argv) => carts(CartsConfig.read(env, argv));

if (import.meta.main) await runService('carts', define);
