import { createHmac, hkdfSync } from 'node:crypto';
import type { SessionKey } from './session-key.ts';

/** Names for customers that only a front-end with the same session key can tell: traces may be shown, customer ids not. */
export class Pseudonyms {
  private readonly key: Buffer;

  constructor({ bytes }: SessionKey) {
    this.key = Buffer.from(hkdfSync('sha256', bytes, '', 'sock shop pseudonyms', 32));
  }

  /** 12 hex digits. */
  of(customerId: string): string {
    return createHmac('sha256', this.key).update(customerId).digest('hex').slice(0, 12);
  }
}
