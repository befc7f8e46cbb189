/** The public part of an account. */
export interface Customer {
  /** 24 hex digits, as every id here. */
  id: string;
  firstName: string;
  lastName: string;
  username: string;
}

/** A password as stored: a PHC string with no salt beside it, the original's hex SHA-1 with one, or '' for an account without. */
export interface StoredPassword {
  hash: string;
  salt: string;
}

export interface Account extends Customer {
  password: StoredPassword;
}

export interface NewCustomer extends Omit<Customer, 'id'> {
  /** Default: a new one. */
  id?: string | undefined;
  email: string;
  /** PHC string, or '' when the account cannot log in. */
  passwordHash: string;
}

/** A missing part is ''. */
export interface Address {
  street: string;
  number: string;
  country: string;
  city: string;
  postcode: string;
}

/** The ccv is not here: it is never stored. */
export interface Card {
  /** All digits: callers inside the shop need the last four. The public API masks the rest. */
  longNum: string;
  expires: string;
}

export type Stored<T> = T & { id: string };

/** A customer, and the ids of what belongs to it, in the order of adding. */
export interface CustomerWithIds extends Customer {
  addressIds: string[];
  cardIds: string[];
}

/** Addresses or cards. Each belongs to one customer or, as the original allows, to none. */
export interface Belongings<T> {
  all(): Promise<Stored<T>[]>;
  find(id: string): Promise<Stored<T> | undefined>;

  /** In the order of adding; undefined for an unknown customer. */
  of(customerId: string): Promise<Stored<T>[] | undefined>;

  /** Returns the new id. For an unknown customer it stores nothing and returns undefined. */
  add(thing: T, customerId: string | undefined): Promise<string | undefined>;

  /** Also removes it from its customer; false when it does not exist. */
  delete(id: string): Promise<boolean>;
}

/** The port: customers, and what belongs to them. Ids passed in are well formed and in lower case. */
export abstract class UserStore {
  abstract readonly addresses: Belongings<Address>;
  abstract readonly cards: Belongings<Card>;

  abstract customers(): Promise<Customer[]>;
  abstract customer(id: string): Promise<Customer | undefined>;
  /** The same in one read. An id may outlive its document: see `Belongings.add`. */
  abstract customerWithIds(id: string): Promise<CustomerWithIds | undefined>;

  /** By user name, which is case-sensitive. */
  abstract account(username: string): Promise<Account | undefined>;

  /** Returns the new id; undefined when the user name is taken. */
  abstract createCustomer(customer: NewCustomer): Promise<string | undefined>;

  /** Does nothing if the stored password is no longer `before`. */
  abstract replacePassword(id: string, before: StoredPassword, hash: string): Promise<void>;

  /** Also deletes all addresses and cards; false when there is no such customer. */
  abstract deleteCustomer(id: string): Promise<boolean>;

  abstract ping(): Promise<void>;
  abstract close(): Promise<void> | void;
}
