import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { ShippingConfig } = await import('./config.ts');
const { shipping } = await import('./shipping.module.ts');

export const define: DefineService = (env, argv) => shipping(ShippingConfig.read(env, argv));

if (import.meta.main) await runService('shipping', define);
