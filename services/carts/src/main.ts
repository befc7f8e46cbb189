import { type DefineService, runService } from '@sockshop/service';
import { carts } from './carts.module.ts';
import { CartsConfig } from './config.ts';

export const define: DefineService = (env, argv) => carts(CartsConfig.read(env, argv));

if (import.meta.main) await runService('carts', define);
