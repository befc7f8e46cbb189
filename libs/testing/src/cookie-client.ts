type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** An HTTP client that keeps cookies like a browser. `read` turns a response into the value that callers get. */
export class CookieClient<Answer = Response> {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly url: string,
    private readonly read: (response: Response) => Answer | Promise<Answer>,
    private readonly send: Fetch = fetch,
  ) {}

  /** Sends a text body as it is and everything else as JSON. Returns redirects instead of following them. */
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
