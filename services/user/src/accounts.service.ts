import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { UserConfig } from './config.ts';
import { type Caller, LoginCheck } from './login-check.ts';
import { Passwords } from './passwords.ts';
import { isRegistrationId, registrationId } from './registration-id.ts';
import { type Account, type Customer, UserStore } from './user-store.ts';

export interface Registration {
  username: string;
  /** '' for an account that cannot log in. */
  password: string;
  email: string;
  firstName: string;
  lastName: string;
}

@Injectable()
export class AccountsService implements OnModuleDestroy {
  private readonly passwords: Passwords;
  private readonly logins: LoginCheck;

  constructor(
    private readonly store: UserStore,
    private readonly log: JsonLog,
    { metrics }: Telemetry,
    { loginFailures }: UserConfig,
  ) {
    this.passwords = new Passwords(metrics);
    this.logins = new LoginCheck(loginFailures);
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
  async login(username: string, password: string, caller: Caller): Promise<Customer | undefined> {
    const account = await this.store.account(username);
    const login = { username, stored: account?.password, password };
    const right = await this.logins.isRight(login, caller, ({ signal, guess }) =>
      this.verify(account, password, { signal, quick: guess }),
    );
    return right ? account : undefined;
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
    if (password === '') return account.password.hash === '' ? account : undefined;
    const { matches } = await this.passwords.verify(account.password, password, { signal });
    return matches ? account : undefined;
  }

  private async verify(
    account: Account | undefined,
    password: string,
    how: { signal: AbortSignal; quick: boolean },
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
    this.logins.remember({ username, stored: { hash, salt: '' }, password });
  }
}
