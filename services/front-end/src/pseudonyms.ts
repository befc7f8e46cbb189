import { createHmac, hkdfSync } from 'node:crypto';
import type { SessionKey } from './session-key.ts';

/** Pseudonyms remembered at most, so that a busy customer's is not computed for each request. */
const MOST_KNOWN = 1000;

/** Names for customers that only a front-end with the same session key can tell: traces may be shown, customer ids not. */
export class Pseudonyms {
  private readonly key: Buffer;
  private readonly known = new Map<string, string>();

  constructor({ bytes }: SessionKey) {
    this.key = Buffer.from(hkdfSync('sha256', bytes, '', 'sock shop pseudonyms', 32));
  }

  /** 12 hex digits. */
  of(customerId: string): string {
    const known = this.known.get(customerId);
    if (known !== undefined) return known;
    const name = createHmac('sha256', this.key).update(customerId).digest('hex').slice(0, 12);
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(customerId, name);
    return name;
  }
}
