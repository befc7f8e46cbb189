import { CookieJar } from '@sockshop/loadtest';
import { randomUUID } from 'node:crypto';

/** A customer who learns the traces of what it does. */
export class TracedCustomer {
  private readonly jar = new CookieJar();

  constructor(private readonly url: string) {}

  /** As a new customer, who can order. */
  async signUp(): Promise<void> {
    const username = `traced-${randomUUID()}`;
    const names = { firstName: 'Traced', lastName: 'Shopper', email: '' };
    await this.send('POST', '/register', { username, password: randomUUID(), ...names });
    const address = {
      street: 'Whitelees Road',
      number: '246',
      city: 'Glasgow',
      postcode: 'G67 3DL',
    };
    await this.send('POST', '/addresses', { ...address, country: 'United Kingdom' });
    await this.send('POST', '/cards', {
      longNum: '9999000011112222',
      expires: '12/39',
      ccv: '123',
    });
  }

  /** The id of the trace. */
  async traced(method: string, path: string, json?: unknown): Promise<string> {
    const response = await this.send(method, path, json);
    await response.arrayBuffer();
    return response.headers.get('x-trace-id') ?? '';
  }

  /** @throws Error for a refusal */
  async send(method: string, path: string, json?: unknown): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...this.jar.header(),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
    this.jar.take(response.headers.getSetCookie());
    return response;
  }
}
