import { createHmac, randomBytes } from 'node:crypto';
import type { StoredPassword } from './user-store.ts';

const REMEMBERED_MS = 5 * 60_000;
const MOST = 1000;

export interface Login {
  readonly username: string;
  readonly stored: StoredPassword | undefined;
  readonly password: string;
}

/** A check that is under way, for one or more equal logins. */
interface Running {
  readonly right: Promise<boolean>;
  /** Aborts when no caller waits for it any longer. */
  readonly wanted: AbortController;
  callers: number;
}

/**
 * Remembers the good logins of the last minutes, so that a client that logs in every few seconds (a load generator) does not cost an argon2
 * hash each time, and tells a right login from a guess without one. It keeps only HMACs, in memory, under a key generated at start. Without the key no
 * password can be tried against them; an attacker who reads the key from memory can read the passwords of running logins too. The stored
 * hash is part of the HMAC and is read from the store at every login: a changed password or a deleted account cannot log in.
 */
export class VerifiedLogins {
  private readonly key = randomBytes(32);
  /** By account: the HMAC of its last good login, and until when that needs no hash. The oldest comes first. */
  private readonly good = new Map<string, { login: string; until: number }>();
  private readonly running = new Map<string, Running>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Whether the login is the account's last good one, or another one. Undefined when there was none since the start. */
  isKnown(login: Login): boolean | undefined {
    const good = this.good.get(this.identifyAccount(login));
    return good === undefined ? undefined : good.login === this.identify(login);
  }

  /**
   * Calls `verify` unless the same login was good in the last minutes; equal logins at the same time share one call. `signal` aborts when
   * the caller is gone; that of `verify` aborts when all its callers are.
   */
  async check(
    login: Login,
    verify: (wanted: AbortSignal) => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const good = this.good.get(this.identifyAccount(login));
    const id = this.identify(login);
    if (good?.login === id && good.until > this.now()) return true;
    const check = this.running.get(id) ?? this.begin(id, login, verify);
    check.callers += 1;
    const leave = (): void => {
      check.callers -= 1;
      if (check.callers === 0) check.wanted.abort();
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave);
    try {
      return await check.right;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** The login is good: it was verified, or the password has just been set. */
  remember(login: Login): void {
    const account = this.identifyAccount(login);
    this.good.delete(account);
    this.good.set(account, { login: this.identify(login), until: this.now() + REMEMBERED_MS });
    const [oldest] = this.good.keys();
    if (this.good.size > MOST && oldest !== undefined) this.good.delete(oldest);
  }

  private begin(
    id: string,
    login: Login,
    verify: (wanted: AbortSignal) => Promise<boolean>,
  ): Running {
    const wanted = new AbortController();
    const verified = async (): Promise<boolean> => {
      try {
        const right = await verify(wanted.signal);
        if (right) this.remember(login);
        return right;
      } finally {
        this.running.delete(id);
      }
    };
    const check = { right: verified(), wanted, callers: 0 };
    this.running.set(id, check);
    return check;
  }

  private identify({ username, stored, password }: Login): string {
    return this.hmac([username, stored?.hash, stored?.salt, password]);
  }

  private identifyAccount({ username, stored }: Login): string {
    return this.hmac([username, stored?.hash, stored?.salt]);
  }

  private hmac(parts: readonly (string | undefined)[]): string {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest('base64');
  }
}
