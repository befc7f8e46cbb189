import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Bulkhead, BulkheadFullError } from '@sockshop/resilience/bulkhead';
import { JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { UserConfig } from './config.ts';
import { LoginFailures } from './login-failures.ts';
import { Passwords } from './passwords.ts';
import { isRegistrationId, registrationId } from './registration-id.ts';
import { type Account, type Customer, UserStore } from './user-store.ts';
import { type Login, VerifiedLogins } from './verified-logins.ts';

export interface Registration {
  username: string;
  /** '' for an account that cannot log in. */
  password: string;
  email: string;
  firstName: string;
  lastName: string;
}

export interface Caller {
  /** Of the shopper. */
  readonly address: string;
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal;
}

/** 429. A right login never gets it while it can be checked. */
export class TooManyFailuresError extends ShopError {
  override readonly name = 'TooManyFailuresError';

  constructor(seconds: number) {
    const headers = { 'retry-after': String(seconds) };
    super(429, 'too many wrong logins; wait before the next one', { headers });
  }
}

/** Logins that wait to be checked although a limit is reached; a hundred take some seconds. */
const GUESSES_WAITING = 400;

@Injectable()
export class AccountsService implements OnModuleDestroy {
  private readonly passwords: Passwords;
  private readonly verified = new VerifiedLogins();
  private readonly failures: LoginFailures;
  /** One at a time, so that guesses leave room for everyone else's first login. */
  private readonly guesses: Bulkhead;

  constructor(
    private readonly store: UserStore,
    private readonly log: JsonLog,
    { metrics }: Telemetry,
    { loginFailures }: UserConfig,
  ) {
    this.passwords = new Passwords(metrics);
    this.failures = new LoginFailures(loginFailures);
    this.guesses = new Bulkhead({
      name: 'password guess',
      limit: 1,
      waitLimit: GUESSES_WAITING,
      metrics,
    });
  }

  /**
   * Returns the new id. A repeat with the same `key` and password returns the first one's id: a caller who got 503 may have an account.
   * @throws ShopError 409 when the name is taken.
   */
  async register(
    { password, ...customer }: Registration,
    signal: AbortSignal,
    key?: string,
  ): Promise<string> {
    const { username } = customer;
    const passwordHash = password === '' ? '' : await this.passwords.hash(password, signal);
    signal.throwIfAborted(); // the caller will not hear of the account
    const id = key === undefined ? undefined : registrationId(key, username);
    const made = await this.store.createCustomer({ ...customer, passwordHash, id });
    if (made === undefined) {
      const own = key !== undefined && (await this.registered(key, username, password, signal));
      if (own) return own.id;
      throw new ShopError(409, 'the user name is taken; choose another');
    }
    this.log.log('customer registered', { customerId: made });
    if (password !== '') this.remember(username, passwordHash, password);
    return made;
  }

  /** Undefined when the user name or the password is wrong; callers must not learn which. @throws TooManyFailuresError */
  async login(
    username: string,
    password: string,
    { address, signal }: Caller,
  ): Promise<Customer | undefined> {
    const account = await this.store.account(username);
    const login = { username, stored: account?.password, password };
    const seconds = this.failures.secondsLeft(username, address);
    this.failures.begin(username);
    let right: boolean | undefined;
    try {
      right = await this.verified.check(
        login,
        (wanted) =>
          seconds === undefined || this.verified.isKnown(login)
            ? this.verify(account, password, { signal: wanted })
            : this.verifyGuess(login, account, wanted, seconds),
        signal,
      );
    } finally {
      if (right !== false) this.failures.forget(username);
    }
    if (right) return account;
    this.failures.fail(address);
    if (seconds !== undefined) throw new TooManyFailuresError(seconds);
    return undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.store.close();
  }

  /** The account that an earlier request with this key and password has made. */
  private async registered(
    key: string,
    username: string,
    password: string,
    signal: AbortSignal,
  ): Promise<Account | undefined> {
    const account = await this.store.account(username);
    if (!account || !isRegistrationId(account.id, key, username)) return undefined;
    const { matches } = await this.passwords.verify(account.password, password, { signal });
    return matches ? account : undefined;
  }

  /**
   * Checks a login although a limit is reached. The lane is slow, but a right password gets through; it is skipped where the answer is known, as
   * for a name that has logged in with another password.
   */
  private async verifyGuess(
    login: Login,
    account: Account | undefined,
    wanted: AbortSignal,
    seconds: number,
  ): Promise<boolean> {
    const isWrong = (): boolean => !account || this.verified.isKnown(login) === false;
    if (isWrong()) return false;
    const check = async (): Promise<boolean> =>
      !isWrong() && (await this.verify(account, login.password, { signal: wanted, quick: true })); // another login may have been right meanwhile
    try {
      return await this.guesses.run(check, wanted);
    } catch (error) {
      if (error instanceof BulkheadFullError) throw new TooManyFailuresError(seconds);
      throw error;
    }
  }

  private async verify(
    account: Account | undefined,
    password: string,
    how: { signal: AbortSignal; quick?: boolean },
  ): Promise<boolean> {
    const { matches, outdated } = await this.passwords.verify(account?.password, password, how);
    if (account && matches && outdated) {
      const hash = await this.passwords.hash(password);
      await this.store.replacePassword(account.id, account.password, hash);
      this.remember(account.username, hash, password);
      this.log.log('password hashed again', { customerId: account.id });
    }
    return matches;
  }

  private remember(username: string, hash: string, password: string): void {
    this.verified.remember({ username, stored: { hash, salt: '' }, password });
  }
}
