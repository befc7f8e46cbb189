import { type DefineService, runService } from '@sockshop/service';
import { OrdersConfig } from './config.ts';
import { orders } from './orders.module.ts';

export const define: DefineService = (env, argv) => orders(OrdersConfig.read(env, argv));

if (import.meta.main) await runService('orders', define);
