import '@sockshop/node-version'; // before all that an older Node cannot load
import type { DefineService } from '@sockshop/service';

const { runService } = await import('@sockshop/service');
const { PaymentConfig } = await import('./config.ts');
const { payment } = await import('./payment.module.ts');

export const define: DefineService = (env, argv) => payment(PaymentConfig.read(env, argv));

if (import.meta.main) await runService('payment', define);
