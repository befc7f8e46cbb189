import { type DefineService, runService } from '@sockshop/service';
import { PaymentConfig } from './config.ts';
import { payment } from './payment.module.ts';

export const define: DefineService = (env, argv) => payment(PaymentConfig.read(env, argv));

if (import.meta.main) await runService('payment', define);
