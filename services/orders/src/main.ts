import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { OrdersConfig } = await import('./config.ts');
const { orders } = await import('./orders.module.ts');

export const define: DefineService = (env, argv) => orders(OrdersConfig.read(env, argv));

if (import.meta.main) await runService('orders', define);
