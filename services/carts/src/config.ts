import { configOf, mongoOrSqlite } from '@sockshop/service';

/** carts' variables. Those that several services share are in `libs/service/src/settings.ts`. */
export class CartsConfig extends configOf(mongoOrSqlite('carts-db')) {}
