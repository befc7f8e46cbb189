import { randomBytes } from 'node:crypto';
import type { RunningShop } from './running-shop.ts';

/** An answer later than this is none. */
const PATIENCE_MS = 2000;

/** Front door and path of what needs the part. */
const PATHS: Record<string, readonly string[]> = {
  'front-end': ['/'],
  catalogue: ['/catalogue?size=1'],
  mariadb: ['/catalogue?size=1'],
  carts: ['/cart'],
  orders: ['/orders'],
  user: ['/addresses'],
  mongodb: ['/cart', '/orders', '/addresses'],
};

/** Where no page that only reads needs it, services are asked whether they can serve. */
const READY: Record<string, readonly string[]> = {
  payment: ['payment'],
  shipping: ['shipping'],
  'queue-master': ['queue-master'],
  rabbitmq: ['shipping', 'queue-master', 'orders'],
};

/** A customer who only looks, to see whether a part does its work. */
export class Probe {
  private cookie = '';

  constructor(private readonly shop: RunningShop) {}

  async register(): Promise<void> {
    const username = `chaos-${randomBytes(4).toString('hex')}`;
    const password = randomBytes(12).toString('base64url');
    const customer = { username, password, email: '', firstName: 'Chaos', lastName: 'Probe' };
    const response = await fetch(`${this.shop.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(customer),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`POST /register answered ${response.status}`);
    const cookies = response.headers.getSetCookie().map((each) => each.split(';')[0]);
    this.cookie = cookies.join('; ');
  }

  /** Whether everything that needs the part gives a good answer. */
  async isGood(name: string): Promise<boolean> {
    const urls = [
      ...(PATHS[name] ?? []).map((path) => `${this.shop.url}${path}`),
      ...(READY[name] ?? []).map((service) => `${this.shop.part(service).url ?? ''}/readyz`),
      ...(name === 'zipkin' ? [`${this.shop.part(name).url ?? ''}/health`] : []),
    ];
    const good = await Promise.all(urls.map((url) => this.answers(url)));
    return good.every(Boolean);
  }

  private async answers(url: string): Promise<boolean> {
    try {
      const response = await fetch(url, {
        headers: { cookie: this.cookie },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}
