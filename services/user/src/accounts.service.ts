import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { Passwords } from './passwords.ts';
import { type Account, type Customer, UserStore } from './user-store.ts';
import { VerifiedLogins } from './verified-logins.ts';

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
  private readonly verified = new VerifiedLogins();

  constructor(
    private readonly store: UserStore,
    private readonly log: JsonLog,
    { metrics }: Telemetry,
  ) {
    this.passwords = new Passwords(metrics);
  }

  /** Returns the new id. @throws ShopError 409 when the name is taken. */
  async register({ password, ...customer }: Registration): Promise<string> {
    const passwordHash = password === '' ? '' : await this.passwords.hash(password);
    const id = await this.store.createCustomer({ ...customer, passwordHash });
    if (id === undefined) throw new ShopError(409, 'the user name is taken; choose another');
    this.log.log('customer registered', { customerId: id });
    return id;
  }

  /** Undefined when the user name or the password is wrong; callers must not learn which. */
  async login(username: string, password: string): Promise<Customer | undefined> {
    const account = await this.store.account(username);
    const login = { username, stored: account?.password, password };
    const good = await this.verified.check(login, () => this.verify(account, password));
    return good ? account : undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.store.close();
  }

  private async verify(account: Account | undefined, password: string): Promise<boolean> {
    const { matches, outdated } = await this.passwords.verify(account?.password, password);
    if (account && matches && outdated) {
      const hash = await this.passwords.hash(password);
      await this.store.replacePassword(account.id, account.password, hash);
      this.log.log('password hashed again', { customerId: account.id });
    }
    return matches;
  }
}
