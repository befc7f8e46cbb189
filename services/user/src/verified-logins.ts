import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';
import { createHmac, randomBytes } from 'node:crypto';
import type { StoredPassword } from './user-store.ts';

const REMEMBERED_MS = 5 * 60_000;
const MOST = 1000;
/** Wrong logins that are remembered, so that a guess that is repeated costs no second hash once a limit is reached. */
const MOST_WRONG = 10_000;

export interface Login {
  readonly username: string;
  readonly stored: StoredPassword | undefined;
  readonly password: string;
}

/** `callers` counts those who wait for the result; `wanted` aborts when there are none any longer. */
type VerifyLogin = (wanted: AbortSignal, callers: () => number) => Promise<boolean>;

/** A check that is under way, for one or more equal logins. */
interface Running {
  readonly right: Promise<boolean>;
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
  private readonly wrong = new LatestIds(MOST_WRONG);
  private readonly running = new Map<string, Running>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Whether the login is right, as far as earlier ones tell; undefined when they do not. */
  isKnown(login: Login): boolean | undefined {
    const id = this.identify(login);
    const good = this.good.get(this.identifyAccount(login));
    if (good) return good.login === id;
    return this.wrong.has(id) ? false : undefined;
  }

  /**
   * Calls `verify` unless the same login was good in the last minutes; equal logins at the same time share one call. `signal` aborts when
   * the caller is gone.
   */
  async check(login: Login, verify: VerifyLogin, signal?: AbortSignal): Promise<boolean> {
    const good = this.good.get(this.identifyAccount(login));
    const id = this.identify(login);
    if (good?.login === id && good.until > this.now()) return true;
    const joined = this.running.get(id);
    const check = joined ?? this.begin(id, login, verify);
    const since = performance.now();
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
      if (joined) recordWait(activeSpan(), shop.LOGIN_JOINED, since);
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

  private begin(id: string, login: Login, verify: VerifyLogin): Running {
    const wanted = new AbortController();
    const callers = (): number => this.running.get(id)?.callers ?? 1;
    const verified = async (): Promise<boolean> => {
      try {
        const right = await verify(wanted.signal, callers);
        if (right) this.remember(login);
        else this.wrong.add(id);
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

/** A set that drops its oldest. */
class LatestIds {
  private readonly ids = new Set<string>();

  constructor(private readonly most: number) {}

  add(id: string): void {
    this.ids.add(id);
    const [oldest] = this.ids;
    if (this.ids.size > this.most && oldest !== undefined) this.ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }
}
