import { configOf, shippingQueue } from '@sockshop/service';

/** shipping's variables. Those that several services share are in `libs/service/src/settings.ts`. */
export class ShippingConfig extends configOf(shippingQueue) {}
