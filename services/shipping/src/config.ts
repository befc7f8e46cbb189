import { configOf, shippingQueue } from '@sockshop/service';

/** The only reader of shipping's variables. */
export class ShippingConfig extends configOf(shippingQueue) {}
