import { randomBytes } from 'node:crypto';

export interface Account {
  /** Number of the shopper, from 1. */
  readonly shopper: number;
  readonly username: string;
  readonly password: string;
  /** Other shoppers may use it at the same time and change its cart. */
  readonly shared: boolean;
  /** The shop has it, with an address and a card. */
  ready: boolean;
}

/** The customer that every new shop has, with address and card. */
export function demoAccount(shopper: number): Account {
  return { shopper, username: 'user', password: 'password', shared: true, ready: true };
}

/** Part of all user names of a run: accounts of earlier runs stay in the shop. */
export function newRun(): string {
  return randomBytes(4).toString('hex');
}

/** Still to be registered. @param run makes the name unique */
export function newAccount(shopper: number, run = newRun()): Account {
  const password = randomBytes(12).toString('base64url');
  const username = `load-${run}-${shopper}`;
  return { shopper, username, password, shared: false, ready: false };
}
