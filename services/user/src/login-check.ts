import { ShopError } from '@sockshop/service';
import { shop } from '@sockshop/telemetry';
import { activeSpan, recordWait } from '@sockshop/tracing';
import { setTimeout as pause } from 'node:timers/promises';
import { GuessLine, NoTurnError } from './guess-line.ts';
import { type LoginFailureLimits, LoginFailures } from './login-failures.ts';
import { type Login, VerifiedLogins } from './verified-logins.ts';

export interface Caller {
  /** Of the shopper. */
  readonly address: string;
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal;
}

/** Compares a password with the stored hash. `guess`: the result is a refusal unless it is right, so that the time tells nothing. */
export type Verify = (how: { signal: AbortSignal; guess: boolean }) => Promise<boolean>;

/** 429. A right login gets it only when too many wait to be checked. */
export class TooManyFailuresError extends ShopError {
  override readonly name = 'TooManyFailuresError';

  constructor(seconds: number) {
    const headers = { 'retry-after': String(seconds) };
    super(429, 'too many wrong logins; wait before the next one', { headers });
  }
}

/** The line of all names that no account has. */
const NO_ACCOUNT = '';
/** A refusal costs nothing, so a flood would come back at once and take the time of others' requests. */
const REFUSAL_MS = 1000;
/** Seconds to wait where no window says how many. */
const SOON = 5;

/**
 * Decides whether a login is right. Wrong ones have limits by name and by address. A right one must not suffer from them: a limit
 * changes only how a login is checked, at once where memory tells, else in the line of guesses.
 */
export class LoginCheck {
  private readonly verified = new VerifiedLogins();
  private readonly failures: LoginFailures;
  private readonly guesses = new GuessLine();

  constructor(limits: LoginFailureLimits) {
    this.failures = new LoginFailures(limits);
  }

  /** @throws TooManyFailuresError for a wrong login beyond a limit. */
  async isRight(login: Login, { address, signal }: Caller, verify: Verify): Promise<boolean> {
    const { username } = login;
    const seconds = this.failures.secondsLeft(username, address);
    this.failures.begin(username);
    let right: boolean | undefined;
    try {
      const check = (wanted: AbortSignal, callers: () => number): Promise<boolean> =>
        this.isLikely(login, seconds)
          ? verify({ signal: wanted, guess: false })
          : this.verifyGuess(login, seconds, verify, wanted, callers);
      right = await this.verified.check(login, check, signal);
    } catch (error) {
      throw error instanceof NoTurnError ? new TooManyFailuresError(seconds ?? SOON) : error;
    } finally {
      if (right !== false) this.failures.forget(username);
    }
    if (right) return true;
    this.failures.fail(address);
    if (seconds === undefined) return false;
    const lateMs = REFUSAL_MS * (1 + 2 * Math.random()); // so that they do not all come back together
    const since = performance.now();
    await pause(lateMs, undefined, { signal }).catch(() => undefined); // the caller has gone
    recordWait(activeSpan(), shop.LOGIN_HELD_BACK, since);
    throw new TooManyFailuresError(seconds);
  }

  /** The login is right: it was verified, or the password has just been set. */
  remember(login: Login): void {
    this.verified.remember(login);
  }

  private isLikely(login: Login, seconds: number | undefined): boolean {
    return (
      (login.stored !== undefined && seconds === undefined) || this.verified.isKnown(login) === true
    );
  }

  private async verifyGuess(
    login: Login,
    seconds: number | undefined,
    verify: Verify,
    signal: AbortSignal,
    callers: () => number,
  ): Promise<boolean> {
    const guess = seconds !== undefined;
    // Asked again after the wait: another login of the name may have been right meanwhile.
    const isWrong = (): boolean =>
      guess && (login.stored === undefined || this.verified.isKnown(login) === false);
    if (isWrong()) return false;
    const line = login.stored === undefined ? NO_ACCOUNT : login.username;
    const check = async (): Promise<boolean> => !isWrong() && (await verify({ signal, guess }));
    return this.guesses.run(line, check, callers, signal);
  }
}
