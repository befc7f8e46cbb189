import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { send, type Shelf, startShelf } from './sock-shelf.ts';

const PROBLEM = 'application/problem+json; charset=utf-8';
const TRACE_ID = expect.stringMatching(/^[\da-f]{32}$/);

describe('a problem', () => {
  let shelf: Shelf;
  beforeAll(async () => {
    shelf = await startShelf();
  });
  beforeEach(() => {
    shelf.lines.length = 0;
  });
  afterAll(() => shelf.service.close());

  /** Without the line of the request itself. */
  const logged = () => shelf.lines.filter(({ message }) => message !== 'request');
  const call = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${shelf.service.url}${path}`, init);
    const text = await response.text();
    return { response, text, body: JSON.parse(text) as Record<string, unknown> };
  };
  const post = (body: string, type = 'application/json', path = '/socks') =>
    call(path, { method: 'POST', headers: { 'content-type': type }, body });

  it('of a shop error has its status, sentence, fields and headers', async () => {
    const { response, body } = await call('/socks/fail/shop?a=1');
    expect([response.status, response.headers.get('content-type')]).toEqual([406, PROBLEM]);
    expect(response.headers.get('x-own')).toBe('1');
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Not Acceptable',
      status: 406,
      detail: 'payment declined',
      message: 'payment declined',
      instance: '/socks/fail/shop',
      trace_id: response.headers.get('x-trace-id'),
      reason: 'amount',
    });
    expect(logged()).toEqual([]);
  });

  it('of an unavailable part is 503 with retry-after, without an address, and is logged with its cause', async () => {
    const { response, body } = await call('/socks/fail/unavailable');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'shelf-db is not available at the moment',
      message: 'shelf-db is not available at the moment',
      instance: '/socks/fail/unavailable',
      trace_id: TRACE_ID,
    });
    expect(logged()).toMatchObject([
      {
        level: 'warn',
        message: 'request failed',
        status: 503,
        trace_id: body['trace_id'],
        error: expect.stringContaining('(cause: Error: connect ECONNREFUSED 10.0.0.3:27017)'),
      },
    ]);
  });

  it("of one of Nest's errors has its status and sentence", async () => {
    const { response, body } = await call('/socks/fail/nest');
    expect(response.status).toBe(400);
    expect(body).toMatchObject({ title: 'Bad Request', detail: 'no such size' });
  });

  it.each(['unknown', 'text', 'nest-500'])(
    'of %s is 500 without details, and is logged as an error',
    async (how) => {
      const { response, text, body } = await call(`/socks/fail/${how}`);
      expect(response.status).toBe(500);
      expect(body).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'Internal Server Error',
        message: 'Internal Server Error',
        instance: `/socks/fail/${how}`,
        trace_id: TRACE_ID,
      });
      expect(text).not.toMatch(/secret|TypeError|at /);
      expect(logged()).toMatchObject([{ level: 'error', message: 'request failed' }]);
    },
  );

  it('of a wrong body is 400 and names every field', async () => {
    const { response, body } = await post('{"price":-1}');
    expect(response.status).toBe(400);
    expect(body['errors']).toEqual([
      { field: 'name', message: expect.any(String) },
      { field: 'price', message: expect.any(String) },
    ]);
    expect(body['detail']).toMatch(/^name: .*; price: /);
  });

  it('of a wrong query is 400 and names the field', async () => {
    const { response, body } = await call('/socks?size=0');
    expect(response.status).toBe(400);
    expect(body['errors']).toEqual([{ field: 'size', message: expect.any(String) }]);
  });

  it.each([
    ['broken JSON', '{"name":'],
    ['a text that is no JSON', 'name=sock'],
    ['a prototype', '{"__proto__":{"admin":true},"name":"sock","price":1}'],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}},"name":"sock","price":1}'],
    ['no body at all', ''],
  ])('of %s is 400', async (_case, body) => {
    const { response } = await post(body);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, PROBLEM]);
  });

  it('does not come from an empty JSON body when no body is needed', async () => {
    const { response, body } = await post('', 'application/json', '/socks/any');
    expect(response.status).toBe(201);
    expect(body['body']).toBe('none');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense'])(
    'of content type %s is 415',
    async (type) => {
      const { response, body } = await post('{}', type);
      expect([response.status, response.headers.get('content-type')]).toEqual([415, PROBLEM]);
      expect(body).toMatchObject({
        title: 'Unsupported Media Type',
        message: 'send the body as JSON, with content-type: application/json',
        instance: '/socks',
      });
    },
  );

  it('does not come from JSON with a charset', async () => {
    const { response } = await post('{"name":"sock","price":1}', 'application/json; charset=utf-8');
    expect(response.status).toBe(201);
  });

  it('of a body over 100 KiB is 413', async () => {
    const { response, body } = await post(JSON.stringify({ name: 'x'.repeat(100 * 1024) }));
    expect([response.status, response.headers.get('content-type')]).toEqual([413, PROBLEM]);
    expect(body).toMatchObject({
      title: 'Payload Too Large',
      message: 'the body is too large; send at most 100 KiB',
    });
  });

  it('of an unknown path is 404', async () => {
    const { response, body } = await call('/nosuch?x=1');
    expect([response.status, response.headers.get('allow')]).toEqual([404, null]);
    expect(body).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no such path; /openapi.json lists all paths',
      message: 'no such path; /openapi.json lists all paths',
      instance: '/nosuch',
      trace_id: TRACE_ID,
    });
  });

  it.each([
    ['DELETE', '/socks', 'GET, HEAD, POST'],
    ['PUT', '/socks/7', 'GET, HEAD'],
    ['GET', '/socks/any', undefined],
    ['PATCH', '/socks/any', 'GET, HEAD, POST'],
    ['OPTIONS', '/socks', 'GET, HEAD, POST'],
    ['POST', '/health', 'GET, HEAD'],
  ])('of %s %s names what is allowed: %s', async (method, path, allow) => {
    const response = await fetch(`${shelf.service.url}${path}`, { method });
    expect(response.status).toBe(allow === undefined ? 200 : 405);
    expect(response.headers.get('allow') ?? undefined).toBe(allow);
    const { message } = (await response.json()) as { message?: string };
    expect(message).toBe(allow && `${method} is not possible here; use ${allow}`);
  });

  it.each(['PROPFIND', 'PURGE', 'REPORT'])('of the foreign verb %s is 405', async (verb) => {
    const { status, headers } = await send(shelf.service.url, verb, '/socks');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
  });

  it.each(['"\\ud800"', '["\\udc00\\ud800"]', '{"\\uDBFF":1}', '"\\ud800\\ud83d\\ude00"'])(
    'of half a surrogate pair in %s is 400',
    async (text) => {
      const { response, body } = await post(text, 'application/json', '/socks/any');
      expect([response.status, response.headers.get('content-type')]).toEqual([400, PROBLEM]);
      expect(body['detail']).toBe('a text has half of a surrogate pair');
    },
  );

  it.each(['"\\ud83d\\ude00"', '"\\\\ud800"', '"😀"'])('is none for %s', async (text) => {
    const { body } = await post(text, 'application/json', '/socks/any');
    expect(body).toEqual({ body: JSON.parse(text) as unknown });
  });

  it('of an id of more than 100 characters is 404 and says so', async () => {
    const { response, body } = await call(`/socks/${'x'.repeat(101)}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, PROBLEM]);
    const message = 'no id has more than 100 characters';
    expect(body).toMatchObject({ title: 'Not Found', status: 404, message, trace_id: TRACE_ID });
  });

  it.each([
    ['/socks/', 200],
    ['/socks/7/', 200],
    ['/socks/fail/shop/?a=1', 406],
    ['/health/', 200],
    ['/socks//', 404],
    ['/nosuch/', 404],
  ])('does not come from a slash at the end: %s is %i', async (path, status) => {
    expect((await call(path)).response.status).toBe(status);
  });

  it('of a wrong method on a path with a slash at the end names what is allowed', async () => {
    const response = await fetch(`${shelf.service.url}/socks/`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it.each(['/socks/%', '/socks/%zz', '/%E0%A4%A', '/socks/fail/%c3%28'])(
    'of the malformed URL %s is 400',
    async (path) => {
      const { status, headers, body } = await send(shelf.service.url, 'GET', path);
      expect([status, headers['content-type']]).toEqual([400, PROBLEM]);
      expect(JSON.parse(body)).toMatchObject({ title: 'Bad Request', status: 400, instance: path });
    },
  );
});

describe('the shape that a service gives its problems', () => {
  it('adds to every response, also for an unknown route', async () => {
    const shelf = await startShelf({
      definition: {
        problem: ({ detail, status, title }) => ({
          error: detail,
          status_code: status,
          status_text: title,
        }),
      },
    });
    for (const path of ['/nosuch', '/socks/fail/unknown', '/socks?size=0']) {
      const body = (await (await fetch(`${shelf.service.url}${path}`)).json()) as Record<
        string,
        unknown
      >;
      expect(body).toMatchObject({
        error: body['detail'],
        status_code: body['status'],
        status_text: body['title'],
      });
    }
    await shelf.service.close();
  });
});
