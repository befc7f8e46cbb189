import { type DefineService, runService } from '@sockshop/service';
import { ShippingConfig } from './config.ts';
import { shipping } from './shipping.module.ts';

export const define: DefineService = (env, argv) => shipping(ShippingConfig.read(env, argv));

if (import.meta.main) await runService('shipping', define);
