type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** An HTTP client that keeps cookies as a browser does. `read` makes of a response what callers get. */
export class CookieClient<Answer = Response> {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    private readonly read: (response: Response) => Answer | Promise<Answer>,
    private readonly send: Fetch = fetch,
  ) {}

  /** A text as body is sent as it is, everything else as JSON. Redirects are returned, not followed. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.send(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    for (const set of response.headers.getSetCookie()) this.keep(set);
    return this.read(response);
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.request('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.request('POST', path, body, headers);
  }

  delete(path: string): Promise<Answer> {
    return this.request('DELETE', path);
  }

  logIn(username: string, password: string): Promise<Answer> {
    return this.get('/login', { authorization: basic(username, password) });
  }

  private keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name!);
    else this.cookies.set(name!, value!);
  }
}

/** The header `authorization` of these credentials. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
