import { createHash } from 'node:crypto';

export interface LoginFailureLimits {
  /** Wrong logins of one user name in a window. */
  readonly perName: number;
  /** Wrong logins from one address in a window. */
  readonly perAddress: number;
}

interface Count {
  readonly sinceMs: number;
  failures: number;
}

/** A window begins with the first failure. */
const WINDOW_MS = 60_000;
/** Names and addresses that are counted; beyond it the oldest windows are dropped. */
const MOST = 20_000;

/**
 * Counts wrong logins by user name and by address. A limit never refuses a right login: it decides only how a login is checked, and what
 * a wrong one gets. A login counts for its name from its beginning, so that a burst cannot pass before the first one has failed.
 */
export class LoginFailures {
  /** In the order of the windows. */
  private readonly counts = new Map<string, Count>();

  constructor(
    private readonly limits: LoginFailureLimits,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds until the windows end whose limits are reached; undefined while none is. */
  secondsLeft(username: string, address: string): number | undefined {
    const { perName, perAddress } = this.limits;
    const left = Math.max(this.msLeft(ofName(username), perName), this.msLeft(address, perAddress));
    return left > 0 ? Math.ceil(left / 1000) : undefined;
  }

  /** Counts a login that is about to be checked. */
  begin(username: string): void {
    this.add(ofName(username));
  }

  /** The login was right, or was not checked. */
  forget(username: string): void {
    const count = this.counts.get(ofName(username));
    if (count && count.failures > 0) count.failures -= 1;
  }

  /** The login was wrong. */
  fail(address: string): void {
    this.add(address);
  }

  private add(key: string): void {
    const known = this.counts.get(key);
    if (known && this.now() < known.sinceMs + WINDOW_MS) {
      known.failures += 1;
      return;
    }
    this.counts.delete(key);
    this.counts.set(key, { sinceMs: this.now(), failures: 1 });
    const [oldest] = this.counts.keys();
    if (this.counts.size > MOST && oldest !== undefined) this.counts.delete(oldest);
  }

  private msLeft(key: string, limit: number): number {
    const count = this.counts.get(key);
    return count && count.failures >= limit ? count.sinceMs + WINDOW_MS - this.now() : 0;
  }
}

/** A digest: names may be long, and a password may have been typed as one. */
function ofName(username: string): string {
  return createHash('sha256').update(username).digest('base64');
}
