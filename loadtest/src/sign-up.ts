import { addAddress, addCard, register } from './routes.ts';
import type { Session } from './session.ts';

/** Registers an account. Repeated after a failure, it does only what is missing. */
export class SignUp {
  private readonly done = new Set<'account' | 'address' | 'card'>();

  constructor(private readonly session: Session) {
    if (session.account.shared) this.done.add('account').add('address').add('card');
  }

  async finish(): Promise<void> {
    if (this.done.has('card')) return;
    const { account, random } = this.session;
    const { username, password, shopper } = account;
    if (!this.done.has('account')) {
      const email = `${username}@example.com`;
      const customer = { username, password, email, firstName: 'Load', lastName: `No ${shopper}` };
      // The name is ours: if it is taken, then by an attempt whose answer was lost.
      const business = (status: number) => status === 409;
      await this.session.ask(register, { json: customer, business });
      this.done.add('account');
    }
    await this.session.logIn();
    if (!this.done.has('address')) {
      const number = String(random.whole(1, 300));
      const place = { street: 'Sock Lane', city: 'Glasgow', country: 'United Kingdom' };
      await this.session.ask(addAddress, { json: { number, ...place, postcode: 'G67 3DL' } });
      this.done.add('address');
    }
    // No bank issues numbers that begin with 9999.
    const card = { longNum: `9999${random.digits(12)}`, expires: '12/39', ccv: random.digits(3) };
    await this.session.ask(addCard, { json: card });
    this.done.add('card');
  }
}
