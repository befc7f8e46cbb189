import { runService } from '@sockshop/service';
import { PaymentConfig } from './config.ts';
import { payment } from './payment.module.ts';

await runService('payment', () => payment(PaymentConfig.read(process.env, process.argv.slice(2))));
