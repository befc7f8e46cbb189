import type { Documented } from '@sockshop/testing';

/** A shopper's client: keeps cookies like a browser, and nothing else. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly documented: Documented) {}

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const sent = new Headers(headers);
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookies !== '') sent.set('cookie', cookies);
    if (body !== undefined && !sent.has('content-type')) {
      sent.set('content-type', 'application/json');
    }
    const response = await this.documented.fetch(this.documented.url + path, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return response;
  }

  get(path: string, headers?: Record<string, string>): Promise<Response> {
    return this.request('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> {
    return this.request('POST', path, body, headers);
  }

  delete(path: string): Promise<Response> {
    return this.request('DELETE', path);
  }

  logIn(username: string, password: string): Promise<Response> {
    const credentials = Buffer.from(`${username}:${password}`).toString('base64');
    return this.get('/login', { authorization: `Basic ${credentials}` });
  }

  private keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (/max-age=0/i.test(cookie) || /expires=Thu, 01 Jan 1970/i.test(cookie)) {
      this.cookies.delete(name!);
    } else this.cookies.set(name!, value!);
  }
}
