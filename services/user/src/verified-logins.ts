import { createHmac, randomBytes } from 'node:crypto';
import type { StoredPassword } from './user-store.ts';

const REMEMBERED_MS = 5 * 60_000;
const MOST = 1000;

/**
 * Good logins of the last minutes, so that somebody who logs in every few seconds (a load generator) does not cost an argon2 hash each
 * time. Only the process's memory has it, and only HMACs under a key made at start and never shown: without the key nothing can be
 * tried against them, and whoever can read the key from memory can read the passwords of running logins as well. The stored hash is part of
 * the HMAC and is read from the store at every login: a changed password or a deleted account is never let in. Wrong passwords
 * are not remembered: each try costs a hash.
 */
export class VerifiedLogins {
  private readonly key = randomBytes(32);
  /** HMAC to the time at which it is forgotten; the oldest comes first. */
  private readonly good = new Map<string, number>();
  private readonly running = new Map<string, Promise<boolean>>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Calls `verify` unless the same login was good a short while ago; equal logins at the same time share one call. */
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
