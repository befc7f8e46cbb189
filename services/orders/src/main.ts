import { runService } from '@sockshop/service';
import { OrdersConfig } from './config.ts';
import { orders } from './orders.module.ts';

await runService('orders', () => orders(OrdersConfig.read(process.env, process.argv.slice(2))));
