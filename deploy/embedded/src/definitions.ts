import type { ServiceDefinition } from '@sockshop/service';

type Env = Record<string, string | undefined>;

/**
 * Each service from its variables, callers before what they call. Imported when it starts and not before: `npm run dev` imports a newer
 * one later.
 */
export const DEFINITIONS = {
  'front-end': async (env: Env) => {
    const { frontEnd } = await import('@sockshop/front-end');
    const { FrontEndConfig } = await import('@sockshop/front-end/config');
    return frontEnd(FrontEndConfig.read(env));
  },
  orders: async (env: Env) => {
    const { orders } = await import('@sockshop/orders');
    const { OrdersConfig } = await import('@sockshop/orders/config');
    return orders(OrdersConfig.read(env));
  },
  shipping: async (env: Env) => {
    const { shipping } = await import('@sockshop/shipping');
    const { ShippingConfig } = await import('@sockshop/shipping/config');
    return shipping(ShippingConfig.read(env));
  },
  'queue-master': async (env: Env) => {
    const { queueMaster } = await import('@sockshop/queue-master');
    const { QueueMasterConfig } = await import('@sockshop/queue-master/config');
    return queueMaster(QueueMasterConfig.read(env));
  },
  user: async (env: Env) => {
    const { user } = await import('@sockshop/user');
    const { UserConfig } = await import('@sockshop/user/config');
    return user(UserConfig.read(env));
  },
  payment: async (env: Env) => {
    const { payment } = await import('@sockshop/payment');
    const { PaymentConfig } = await import('@sockshop/payment/config');
    return payment(PaymentConfig.read(env));
  },
  carts: async (env: Env) => {
    const { carts } = await import('@sockshop/carts');
    const { CartsConfig } = await import('@sockshop/carts/config');
    return carts(CartsConfig.read(env));
  },
  catalogue: async (env: Env) => {
    const { catalogue } = await import('@sockshop/catalogue');
    const { CatalogueConfig } = await import('@sockshop/catalogue/config');
    return catalogue(CatalogueConfig.read(env));
  },
} satisfies Record<string, (env: Env) => Promise<ServiceDefinition>>;

export type ServiceName = keyof typeof DEFINITIONS;
