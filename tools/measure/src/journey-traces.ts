import { CookieJar } from '@sockshop/loadtest';
import { randomUUID } from 'node:crypto';
import type { OwnShop } from './own-shop.ts';
import { type TraceCounts, traceCounts } from './trace-counts.ts';

/** The traces of what a shopper does, once the shop and the customer are warm. */
export interface JourneyTraces {
  /** `GET /catalogue`. */
  readonly catalogue: TraceCounts;
  /** `DELETE /cart`, `POST /cart`, `POST /orders` with one line, until it is shipped. */
  readonly order: TraceCounts;
}

/** The first ones are not like those that follow: connections open, caches fill, a customer has no cart. */
const WARM_UP = 2;

/** Does each journey as a new customer, and counts what is in its traces. */
export async function journeyTraces(shop: OwnShop): Promise<JourneyTraces> {
  const customer = new Customer(shop.url);
  await customer.signUp();
  const socks = (await (await customer.send('GET', '/catalogue')).json()) as { id: string }[];
  const tracesUrl = shop.part(shop.way === 'embedded' ? 'traces (Zipkin API)' : 'zipkin').url ?? '';
  const list = async (): Promise<TraceCounts> =>
    traceCounts(tracesUrl, [await customer.traced('GET', '/catalogue')]);
  const order = async (): Promise<TraceCounts> =>
    traceCounts(tracesUrl, [
      await customer.traced('DELETE', '/cart'),
      await customer.traced('POST', '/cart', { id: socks[0]?.id }),
      await customer.traced('POST', '/orders'),
    ]);
  for (let nth = 0; nth < WARM_UP; nth++) {
    await list();
    await order();
  }
  return { catalogue: await list(), order: await order() };
}

class Customer {
  private readonly jar = new CookieJar();

  constructor(private readonly url: string) {}

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
