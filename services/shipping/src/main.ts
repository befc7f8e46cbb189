import { runService } from '@sockshop/service';
import { ShippingConfig } from './config.ts';
import { shipping } from './shipping.module.ts';

await runService('shipping', () =>
  shipping(ShippingConfig.read(process.env, process.argv.slice(2))),
);
