import { runService } from '@sockshop/service';
import { carts } from './carts.module.ts';
import { CartsConfig } from './config.ts';

await runService('carts', () => carts(CartsConfig.read(process.env, process.argv.slice(2))));
