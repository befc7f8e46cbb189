import { createHmac, randomBytes } from 'node:crypto';
import type { StoredPassword } from './user-store.ts';

const REMEMBERED_MS = 5 * 60_000;
const MOST = 1000;

/**
 * Remembers the good logins of the last minutes, so that a client that logs in every few seconds (a load generator) does not cost an argon2
 * hash each time. It keeps only HMACs, in memory, under a key generated at start. Without the key no password can be tried against them;
 * an attacker who reads the key from memory can read the passwords of running logins too. The stored hash is part of the HMAC and is read
 * from the store at every login: a changed password or a deleted account cannot log in. Wrong passwords are not remembered: each
 * attempt costs a hash.
 */
export class VerifiedLogins {
  private readonly key = randomBytes(32);
  /** HMAC to its expiry time; the oldest comes first. */
  private readonly good = new Map<string, number>();
  private readonly running = new Map<string, Promise<boolean>>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Calls `verify` unless the same login was good in the last minutes; equal logins at the same time share one call. */
  async check(
    login: { username: string; stored: StoredPassword | undefined; password: string },
    verify: () => Promise<boolean>,
  ): Promise<boolean> {
    const id = this.identify(login);
    if ((this.good.get(id) ?? 0) > this.now()) return true;
    const shared = this.running.get(id);
    if (shared) return shared;
    const verified = verify();
    this.running.set(id, verified);
    try {
      if (!(await verified)) return false;
      this.remember(id);
      return true;
    } finally {
      this.running.delete(id);
    }
  }

  private identify({
    username,
    stored,
    password,
  }: {
    username: string;
    stored: StoredPassword | undefined;
    password: string;
  }): string {
    const parts = JSON.stringify([username, stored?.hash, stored?.salt, password]);
    return createHmac('sha256', this.key).update(parts).digest('base64');
  }

  private remember(id: string): void {
    this.good.delete(id);
    this.good.set(id, this.now() + REMEMBERED_MS);
    const [oldest] = this.good.keys();
    if (this.good.size > MOST && oldest !== undefined) this.good.delete(oldest);
  }
}
