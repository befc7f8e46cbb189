import { randomBytes } from 'node:crypto';

export interface Account {
  /** Number of the shopper, from 1. */
  shopper: number;
  username: string;
  password: string;
  /** Other shoppers may use it at the same time and change its cart. */
  shared: boolean;
}

/** The customer that every new shop has, with address and card. */
export function demoAccount(shopper: number): Account {
  return { shopper, username: 'user', password: 'password', shared: true };
}

/** @param run makes the name unique: accounts of earlier runs stay in the shop */
export function newAccount(shopper: number, run: string): Account {
  const password = randomBytes(12).toString('base64url');
  return { shopper, username: `load-${run}-${shopper}`, password, shared: false };
}
