import { configOf, mongoOrSqlite } from '@sockshop/service';

/** The only reader of carts' variables. */
export class CartsConfig extends configOf(mongoOrSqlite('carts-db')) {}
