import { FailureWindows } from '@sockshop/resilience';
import { createHash } from 'node:crypto';

export interface LoginFailureLimits {
  /** Wrong logins of one user name in a minute. */
  readonly perName: number;
  /** Wrong logins from one address in a minute. */
  readonly perAddress: number;
}

const WINDOW_MS = 60_000;

/**
 * Counts wrong logins by user name and by address. A limit never refuses a right login: it decides only how a login is checked, and what
 * a wrong one gets. A login counts for its name from its beginning, so that a burst cannot pass before the first one has failed.
 */
export class LoginFailures {
  private readonly names: FailureWindows;
  private readonly addresses: FailureWindows;

  constructor(
    private readonly limits: LoginFailureLimits,
    now: () => number = Date.now,
  ) {
    this.names = new FailureWindows(WINDOW_MS, now);
    this.addresses = new FailureWindows(WINDOW_MS, now);
  }

  /** Seconds until the windows end whose limits are reached; undefined while none is. */
  secondsLeft(username: string, address: string): number | undefined {
    const ofName = this.names.secondsLeft(digest(username), this.limits.perName);
    const ofAddress = this.addresses.secondsLeft(address, this.limits.perAddress);
    if (ofName === undefined || ofAddress === undefined) return ofName ?? ofAddress;
    return Math.max(ofName, ofAddress);
  }

  /** Counts a login that is about to be checked. */
  begin(username: string): void {
    this.names.add(digest(username));
  }

  /** The login was right, or was not checked. */
  forget(username: string): void {
    this.names.takeBack(digest(username));
  }

  /** The login was wrong. */
  fail(address: string): void {
    this.addresses.add(address);
  }
}

/** Names may be long, and a password may have been typed as one. */
function digest(username: string): string {
  return createHash('sha256').update(username).digest('base64');
}
