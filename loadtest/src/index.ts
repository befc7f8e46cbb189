export { CookieJar } from './cookie-jar.ts';
export type { CartChange, CheckoutEnd, JournalEntry } from './journal.ts';
export { Random } from './random.ts';
