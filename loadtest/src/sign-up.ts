import type { Account } from './account.ts';
import { addAddress, addCard, register } from './routes.ts';
import type { Session } from './session.ts';

/** Registers an account. Repeated after a failure, it does only what is missing. */
export class SignUp {
  private readonly done = new Set<'account' | 'address'>();

  constructor(
    private readonly session: Session,
    private readonly account: Account = session.account,
  ) {}

  async finish(): Promise<void> {
    const { account, session } = this;
    if (account.ready) return;
    const { username, password, shopper } = account;
    if (!this.done.has('account')) {
      const email = `${username}@example.com`;
      const customer = { username, password, email, firstName: 'Load', lastName: `No ${shopper}` };
      // The name is ours: if it is taken, then by an attempt whose answer was lost.
      const business = (status: number) => status === 409;
      await session.ask(register, { json: customer, business });
      this.done.add('account');
    }
    await session.logIn(account);
    if (!this.done.has('address')) {
      const number = String(session.random.whole(1, 300));
      const place = { street: 'Sock Lane', city: 'Glasgow', country: 'United Kingdom' };
      await session.ask(addAddress, { json: { number, ...place, postcode: 'G67 3DL' } });
      this.done.add('address');
    }
    const { random } = session;
    // No bank issues numbers that begin with 9999.
    const card = { longNum: `9999${random.digits(12)}`, expires: '12/39', ccv: random.digits(3) };
    await session.ask(addCard, { json: card });
    account.ready = true;
  }
}
