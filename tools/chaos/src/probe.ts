import { type Service, type ServiceName, SERVICES } from '@sockshop/parts';
import { randomBytes } from 'node:crypto';
import type { RunningShop } from './running-shop.ts';

/** An answer later than this is none. */
const PATIENCE_MS = 2000;

/** What a page that only reads asks of a service, through the front-end. */
const PATHS: Partial<Record<ServiceName, string>> = {
  'front-end': '/',
  catalogue: '/catalogue?size=1',
  carts: '/cart',
  orders: '/orders',
  user: '/addresses',
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
  async isGood(part: string): Promise<boolean> {
    const good = await Promise.all(this.urlsOf(part).map((url) => this.answers(url)));
    return good.every(Boolean);
  }

  private urlsOf(part: string): string[] {
    switch (part) {
      case 'mariadb':
        return this.pages(({ database }) => database?.server === 'mysql');
      case 'mongodb':
        return this.pages(({ database }) => database?.server === 'mongodb');
      case 'rabbitmq':
        return SERVICES.filter(({ broker }) => broker).map(({ name }) => this.readiness(name));
      case 'zipkin':
        return [`${this.shop.part(part).url ?? ''}/health`];
      case 'edge-router':
        return this.pages(() => true);
      default:
        return this.pages(({ name }) => name === part);
    }
  }

  /** Where no page that only reads needs a service, it is asked whether it can serve. */
  private pages(wanted: (service: Service) => boolean): string[] {
    return SERVICES.filter(wanted).map(({ name }) => {
      const path = PATHS[name];
      return path === undefined ? this.readiness(name) : `${this.shop.url}${path}`;
    });
  }

  private readiness(name: string): string {
    return `${this.shop.part(name).url ?? ''}/readyz`;
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
