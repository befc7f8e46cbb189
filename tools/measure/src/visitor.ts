import { CookieJar } from '@sockshop/loadtest';
import { randomBytes } from 'node:crypto';

const ADDRESS = {
  street: 'Whitelees Road',
  number: '246',
  city: 'Glasgow',
  postcode: 'G67 3DL',
  country: 'United Kingdom',
};
const CARD = { longNum: '9999000011112222', expires: '12/39', ccv: '123' };

export interface Action {
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: any that is not a refusal. */
  readonly status?: number;
}

/** A shopper who learns the trace of each action. Keeps cookies as a browser does. */
export class Visitor {
  /** Of the last response: parsed if its type is JSON, else text. */
  body: unknown;
  private readonly jar = new CookieJar();
  private readonly username = `traced-${randomBytes(6).toString('hex')}`;
  private readonly password = randomBytes(12).toString('hex');

  constructor(private readonly url: string) {}

  /** Returns the id of the trace. @throws Error for another status than the one that is expected */
  async traced(
    method: string,
    path: string,
    { json, headers, status }: Action = {},
  ): Promise<string> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...this.jar.header(),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    this.jar.take(response.headers.getSetCookie());
    if (status === undefined ? !response.ok : response.status !== status)
      throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    this.body = isJson ? JSON.parse(text) : text;
    return response.headers.get('x-trace-id') ?? '';
  }

  /** Makes an account, which logs in. */
  register(): Promise<string> {
    const { username, password } = this;
    const names = { firstName: 'Traced', lastName: 'Shopper', email: '' };
    return this.traced('POST', '/register', { json: { username, password, ...names } });
  }

  /** As a new customer, who can order. */
  async signUp(): Promise<void> {
    await this.register();
    await this.traced('POST', '/addresses', { json: ADDRESS });
    await this.traced('POST', '/cards', { json: CARD });
  }

  /** Without a password: with the one of the account. */
  logIn(password = this.password, action: Action = {}): Promise<string> {
    const basic = Buffer.from(`${this.username}:${password}`).toString('base64');
    return this.traced('GET', '/login', {
      ...action,
      headers: { authorization: `Basic ${basic}` },
    });
  }
}
