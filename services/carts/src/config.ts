import { configOf, count, mongoOrSqlite } from '@sockshop/service';

const database = mongoOrSqlite('carts-db');

/** carts' variables. Those that several services share are in `libs/service/src/settings.ts`. */
export class CartsConfig extends configOf({
  variables: {
    ...database.variables,
    /** Days after its last change until a guest's cart expires: as long as front-end's session of a guest. */
    GUEST_CART_DAYS: count.default(30),
  },
  flags: database.flags,
  config: (values, env) => ({
    ...database.config(values, env),
    guestCartDays: values.GUEST_CART_DAYS,
  }),
}) {}
