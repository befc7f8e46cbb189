import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ServiceUnderTest } from '@sockshop/service-testing';
import { until, withoutIds } from '@sockshop/testing';
import { randomUUID } from 'node:crypto';
import { logIn, startUser } from './running-user.ts';
import { ADAPTERS } from './stores.ts';

jest.setTimeout(30_000); // busy machines; hashes are slow by design

const EVE = '57a98d98e4b00679b4a830af';
const UNKNOWN = 'ffffffffffffffffffffffff';
const ID = expect.stringMatching(/^[\da-f]{24}$/);

const customerJson = (id: string, firstName: string, lastName: string, username: string) => ({
  firstName,
  lastName,
  username,
  id,
  _links: {
    addresses: { href: `http://user/customers/${id}/addresses` },
    cards: { href: `http://user/customers/${id}/cards` },
    customer: { href: `http://user/customers/${id}` },
    self: { href: `http://user/customers/${id}` },
  },
});
const linksOf = (kind: 'address' | 'card', id: string) => {
  const href = `http://user/${kind === 'card' ? 'cards' : 'addresses'}/${id}`;
  return { [kind]: { href }, self: { href } };
};
const eve = customerJson(EVE, 'Eve', 'Berger', 'Eve_Berger');
const eveAddress = {
  street: 'Whitelees Road',
  number: '246',
  country: 'United Kingdom',
  city: 'Glasgow',
  postcode: 'G67 3DL',
  id: '57a98d98e4b00679b4a830ad',
  _links: linksOf('address', '57a98d98e4b00679b4a830ad'),
};
const eveCard = {
  longNum: '5953580604169678',
  expires: '08/19',
  ccv: '***',
  id: '57a98d98e4b00679b4a830ae',
  _links: linksOf('card', '57a98d98e4b00679b4a830ae'),
};

for (const { name, suite, url } of ADAPTERS) {
  suite(`user on ${name}`, () => {
    let service: ServiceUnderTest;

    beforeAll(async () => {
      service = await startUser(url());
      await service.ready();
    });
    afterAll(() => service.close());

    async function ok(answer: Promise<Response>): Promise<unknown> {
      const response = await answer;
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/hal\+json(;|$)/);
      return response.json();
    }
    async function created(path: string, body: unknown): Promise<string> {
      const answer = (await ok(service.send('POST', path, body))) as { id: string };
      expect(answer).toEqual({ id: ID });
      return answer.id;
    }
    /** An error's whole body; `status_code` is 500 for the original's pages. */
    async function refused(answer: Promise<Response>, status: number, detail: unknown) {
      const response = await answer;
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const body = (await response.json()) as Record<string, unknown>;
      expect(body).toEqual({
        type: 'about:blank',
        title: expect.any(String),
        status,
        detail,
        message: body['detail'],
        instance: new URL(response.url).pathname,
        trace_id: response.headers.get('x-trace-id'),
        error: body['detail'],
        status_code: 500,
        status_text: 'Internal Server Error',
        ...(body['errors'] !== undefined && { errors: expect.any(Array) }),
      });
    }
    const count = async (path: string, key: string): Promise<number> => {
      const list = (await ok(service.send('GET', path))) as {
        _embedded: Record<string, unknown[]>;
      };
      return list._embedded[key]!.length;
    };

    it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
      expect(await service.documented.faults()).toEqual([]);
      expect(service.documented.routes()).toEqual([...service.routes].sort());
    });

    describe('GET /login', () => {
      it.each([
        ['Eve_Berger', 'eve', eve],
        ['user', 'password', customerJson('57a98d98e4b00679b4a830b2', 'User', 'Name', 'user')],
        ['user1', 'password', customerJson('57a98d98e4b00679b4a830b5', 'User1', 'Name1', 'user1')],
      ])(
        'answers 200 with the customer to %s, also when repeated',
        async (username, password, user) => {
          for (let time = 0; time < 3; time += 1) {
            expect(await ok(logIn(service, username, password))).toEqual({ user });
          }
        },
      );

      it('answers 200 to 200 simultaneous logins of one user', async () => {
        const all = await Promise.all(
          Array.from({ length: 200 }, () => logIn(service, 'user', 'password')),
        );
        expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
      });

      it.each([
        ['a wrong password', 'Basic ' + btoa('user:wrong')],
        ['an empty password', 'Basic ' + btoa('user:')],
        ['an unknown user', 'Basic ' + btoa('unknown:password')],
        ['a user name in other case', 'Basic ' + btoa('USER:password')],
        ['no header', undefined],
        ['another scheme', 'Bearer abc'],
        ['no colon', 'Basic ' + btoa('user')],
        ['text that is not base64', 'Basic %%%'],
      ])('answers 401 to %s', async (_case, authorization) => {
        const headers = authorization === undefined ? {} : { authorization };
        const response = await service.fetch('/login', { headers });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
        const detail = 'user name or password is wrong or missing';
        expect(await response.json()).toEqual({
          type: 'about:blank',
          title: 'Unauthorized',
          status: 401,
          detail,
          message: detail,
          instance: '/login',
          trace_id: response.headers.get('x-trace-id'),
          error: 'Unauthorized',
          status_code: 401,
          status_text: 'Unauthorized',
        });
      });
    });

    it('GET /login answers 503 with retry-after when too many password checks are waiting', async () => {
      const tries = Array.from({ length: 50 }, (_, index) =>
        logIn(service, 'user1', `wrong-${index}`),
      );
      const answers = await Promise.all(tries);
      const statuses = answers.map(({ status }) => status);
      expect([...new Set(statuses)].sort()).toEqual([401, 503]);
      const busy = answers.find(({ status }) => status === 503)!;
      expect(busy.headers.get('retry-after')).toBe('1');
      expect(await busy.json()).toMatchObject({
        status: 503,
        message: 'the password check is not available at the moment',
        status_code: 500,
      });
      expect((await logIn(service, 'user1', 'password')).status).toBe(200);
    });

    describe('POST /register', () => {
      it('answers 200 with the id, and the account can log in', async () => {
        const username = `Zoë ${randomUUID()}`;
        const password = 'pass:word with colons ✓';
        const body = { username, password, email: 'z@x.org', firstName: 'Zoë', lastName: 'Z' };
        const id = await created('/register', body);
        const user = customerJson(id, 'Zoë', 'Z', username);
        expect(await ok(logIn(service, username, password))).toEqual({ user });
        expect(await ok(logIn(service, username, password))).toEqual({ user });
        expect((await logIn(service, username, `${password} `)).status).toBe(401);
        expect(await ok(service.send('GET', `/customers/${id}`))).toEqual(user);
        const none = { _embedded: { address: [] } };
        expect(await ok(service.send('GET', `/customers/${id}/addresses`))).toEqual(none);
      });

      it('answers 200 to a user name and a one-letter password alone', async () => {
        const username = randomUUID();
        const id = await created('/register', { username, password: 'x', email: null });
        expect(await ok(service.send('GET', `/customers/${id}`))).toEqual(
          customerJson(id, '', '', username),
        );
      });

      it('answers 409 to a taken name and keeps the first account', async () => {
        const username = randomUUID();
        const body = { username, password: 'first' };
        const id = await created('/register', body);
        const again = service.send('POST', '/register', { username, password: 'second' });
        await refused(again, 409, 'the user name is taken; choose another');
        expect(await ok(logIn(service, username, 'first'))).toMatchObject({ user: { id } });
        expect((await logIn(service, username, 'second')).status).toBe(401);
        await created('/register', { ...body, username: username.toUpperCase() + 'A' });
      });

      it.each([
        ['no user name', { password: 'x' }],
        ['an empty user name', { username: '', password: 'x' }],
        ['a user name with a colon', { username: 'a:b', password: 'x' }],
        ['a user name with a line break', { username: 'a\nb', password: 'x' }],
        ['a number for a user name', { username: 1, password: 'x' }],
        ['no password', { username: 'n' }],
        ['an empty password', { username: 'n', password: '' }],
        ['password null', { username: 'n', password: null }],
        ['a number for a first name', { username: 'n', password: 'x', firstName: 1 }],
        ['a list', []],
        ['null', 'null'],
        ['broken JSON', '{"username":'],
        ['no body', undefined],
      ])('answers 400 to %s and stores nothing', async (_case, body) => {
        const before = await count('/customers', 'customer');
        await refused(service.send('POST', '/register', body), 400, expect.any(String));
        expect(await count('/customers', 'customer')).toBe(before);
      });
    });

    it.each(['/register', '/customers', '/addresses', '/cards'])(
      'POST %s answers 415 to a form',
      async (path) => {
        const form = service.send('POST', path, 'username=a', {
          'content-type': 'application/x-www-form-urlencoded',
        });
        await refused(form, 415, expect.any(String));
      },
    );

    describe('customers', () => {
      it('GET /customers answers 200 with all customers under a singular name', async () => {
        expect(await ok(service.send('GET', '/customers'))).toMatchObject({
          _embedded: { customer: expect.arrayContaining([eve]) },
        });
      });

      it('GET /customers/{id} answers 200 with the customer and nothing about its password', async () => {
        expect(await ok(service.send('GET', `/customers/${EVE}`))).toEqual(eve);
        const upper = await service.send('GET', `/customers/${EVE.toUpperCase()}?any=query`);
        expect(await upper.text()).toBe(JSON.stringify(eve)); // keys in the original's order
      });

      it('GET /customers/{id}/addresses and /cards answer 200 with its own', async () => {
        expect(await ok(service.send('GET', `/customers/${EVE}/addresses`))).toEqual({
          _embedded: { address: [eveAddress] },
        });
        expect(await ok(service.send('GET', `/customers/${EVE}/cards`))).toEqual({
          _embedded: { card: [eveCard] },
        });
      });

      it('POST /customers answers 200; an account without a password cannot log in', async () => {
        const username = randomUUID();
        const id = await created('/customers', { username, firstName: 'A', lastName: 'B' });
        expect(await ok(service.send('GET', `/customers/${id}`))).toEqual(
          customerJson(id, 'A', 'B', username),
        );
        expect((await logIn(service, username, '')).status).toBe(401);
        expect((await logIn(service, username, 'password')).status).toBe(401);
      });

      it('POST /customers answers 200 and uses a password', async () => {
        const username = randomUUID();
        const id = await created('/customers', { username, password: 'secret' });
        expect(await ok(logIn(service, username, 'secret'))).toMatchObject({ user: { id } });
      });

      it('POST /customers answers 409 to a taken name and 400 to none', async () => {
        const taken = service.send('POST', '/customers', { username: 'user' });
        await refused(taken, 409, 'the user name is taken; choose another');
        await refused(service.send('POST', '/customers', {}), 400, expect.any(String));
      });

      it('DELETE /customers/{id} answers 200, then 404, and takes addresses and cards along', async () => {
        const username = randomUUID();
        const userID = await created('/register', { username, password: 'x' });
        const address = await created('/addresses', { street: 'A', userID });
        const card = await created('/cards', { longNum: '4111111111111111', userID });
        expect((await logIn(service, username, 'x')).status).toBe(200);
        expect(await ok(service.send('DELETE', `/customers/${userID}`))).toEqual({ status: true });
        await refused(service.send('DELETE', `/customers/${userID}`), 404, 'not found');
        await refused(service.send('GET', `/customers/${userID}`), 404, 'not found');
        await refused(service.send('GET', `/addresses/${address}`), 404, 'not found');
        await refused(service.send('GET', `/cards/${card}`), 404, 'not found');
        expect((await logIn(service, username, 'x')).status).toBe(401);
      });
    });

    describe('addresses', () => {
      it('POST /addresses answers 200 and stores the address last of its customer', async () => {
        const userID = await created('/register', { username: randomUUID(), password: 'x' });
        const given = { number: '1', street: 'A', city: 'B', postcode: 'C', country: 'D' };
        const first = await created('/addresses', { ...given, userID });
        const second = await created('/addresses', { userID: userID.toUpperCase() });
        const list = await ok(service.send('GET', `/customers/${userID}/addresses`));
        const empty = { number: '', street: '', city: '', postcode: '', country: '' };
        expect(list).toEqual({
          _embedded: {
            address: [
              { ...given, id: first, _links: linksOf('address', first) },
              { ...empty, id: second, _links: linksOf('address', second) },
            ],
          },
        });
      });

      it.each([
        ['no userID', {}],
        ['an empty userID', { userID: '' }],
      ])(
        'POST /addresses answers 200 with %s and stores it without an owner',
        async (_case, owner) => {
          const id = await created('/addresses', { street: 'my road', ...owner });
          expect(await ok(service.send('GET', `/addresses/${id}`))).toMatchObject({
            street: 'my road',
            postcode: '',
          });
        },
      );

      it('POST /addresses answers 404 to an unknown userID and stores nothing', async () => {
        const before = await count('/addresses', 'address');
        const unknown = service.send('POST', '/addresses', { userID: UNKNOWN });
        await refused(unknown, 404, 'not found; userID must be the id of a customer');
        expect(await count('/addresses', 'address')).toBe(before);
      });

      it.each([
        [
          'a userID that is no id',
          { userID: 'nonsense' },
          'userID: Invalid Id Hex; send 24 hex digits',
        ],
        ['a number instead of a text', { number: 3 }, expect.any(String)],
        ['broken JSON', '{', expect.any(String)],
        ['no body', undefined, expect.any(String)],
      ])('POST /addresses answers 400 to %s and stores nothing', async (_case, body, detail) => {
        const before = await count('/addresses', 'address');
        await refused(service.send('POST', '/addresses', body), 400, detail);
        expect(await count('/addresses', 'address')).toBe(before);
      });

      it('GET /addresses answers 200 with all addresses, GET /addresses/{id} with one', async () => {
        expect(await ok(service.send('GET', '/addresses'))).toMatchObject({
          _embedded: { address: expect.arrayContaining([eveAddress]) },
        });
        expect(await ok(service.send('GET', `/addresses/${eveAddress.id}`))).toEqual(eveAddress);
      });
    });

    describe('cards', () => {
      it.each([
        ['4111111111111111', '4111111111111111'],
        ['4111 1111-1111 1111', '4111111111111111'],
        ['123456789012', '123456789012'],
        ['1234567890123456789', '1234567890123456789'],
      ])('POST /cards answers 200 to the number %s and drops the ccv', async (longNum, stored) => {
        const userID = await created('/register', { username: randomUUID(), password: 'x' });
        const id = await created('/cards', { longNum, expires: '01/99', ccv: '987', userID });
        const card = {
          longNum: stored,
          expires: '01/99',
          ccv: '***',
          id,
          _links: linksOf('card', id),
        };
        expect(await ok(service.send('GET', `/cards/${id}`))).toEqual(card);
        expect(await ok(service.send('GET', `/customers/${userID}/cards`))).toEqual({
          _embedded: { card: [card] },
        });
      });

      it('POST /cards answers 200 without a userID', async () => {
        await created('/cards', { longNum: '1234567891011123', expires: '11/2020', ccv: '123' });
      });

      it('POST /cards answers 404 to an unknown userID and stores nothing', async () => {
        const before = await count('/cards', 'card');
        const body = { longNum: '4111111111111111', userID: UNKNOWN };
        const unknown = service.send('POST', '/cards', body);
        await refused(unknown, 404, 'not found; userID must be the id of a customer');
        expect(await count('/cards', 'card')).toBe(before);
      });

      it.each([
        ['no number', {}],
        ['a number of 11 digits', { longNum: '12345678901' }],
        ['a number of 20 digits', { longNum: '12345678901234567890' }],
        ['letters', { longNum: '4111x11111111111' }],
        ['a JSON number', { longNum: 4111111111111111 }],
        ['a userID that is no id', { longNum: '4111111111111111', userID: '1' }],
        ['broken JSON', '{"longNum":"4111111111111111"'],
      ])('POST /cards answers 400 to %s and stores nothing', async (_case, body) => {
        const before = await count('/cards', 'card');
        await refused(service.send('POST', '/cards', body), 400, expect.any(String));
        expect(await count('/cards', 'card')).toBe(before);
      });

      it('GET /cards answers 200 with all cards, GET /cards/{id} with one', async () => {
        expect(await ok(service.send('GET', '/cards'))).toMatchObject({
          _embedded: { card: expect.arrayContaining([eveCard]) },
        });
        expect(await ok(service.send('GET', `/cards/${eveCard.id}`))).toEqual(eveCard);
      });
    });

    it.each(['addresses', 'cards'])('DELETE /%s/{id} answers 200, then 404', async (kind) => {
      const userID = await created('/register', { username: randomUUID(), password: 'x' });
      const id = await created(`/${kind}`, { longNum: '4111111111111111', userID });
      expect(await ok(service.send('DELETE', `/${kind}/${id}`))).toEqual({ status: true });
      await refused(service.send('DELETE', `/${kind}/${id}`), 404, 'not found');
      await refused(service.send('GET', `/${kind}/${id}`), 404, 'not found');
      const list = (await ok(service.send('GET', `/customers/${userID}/${kind}`))) as {
        _embedded: Record<string, unknown[]>;
      };
      expect(Object.values(list._embedded)).toEqual([[]]);
    });

    it.each([
      ['GET', '/customers/{id}'],
      ['GET', '/customers/{id}/addresses'],
      ['GET', '/customers/{id}/cards'],
      ['GET', '/addresses/{id}'],
      ['GET', '/cards/{id}'],
      ['DELETE', '/customers/{id}'],
      ['DELETE', '/addresses/{id}'],
      ['DELETE', '/cards/{id}'],
    ])('%s %s answers 404 to an unknown id and 400 to none', async (method, path) => {
      await refused(service.send(method, path.replace('{id}', UNKNOWN)), 404, 'not found');
      await refused(
        service.send(method, path.replace('{id}', 'undefined')),
        400,
        'Invalid Id Hex; send 24 hex digits',
      );
      await refused(
        service.send(method, path.replace('{id}', `${UNKNOWN}0`)),
        400,
        'Invalid Id Hex; send 24 hex digits',
      );
    });

    it.each([
      ['GET', '/nosuch', 404, null],
      ['GET', `/customers/${EVE}/orders`, 404, null],
      ['DELETE', `/sessions/${UNKNOWN}`, 404, null],
      ['DELETE', `/customers/${UNKNOWN}/cards`, 405, 'GET, HEAD'],
      ['POST', '/login', 405, 'GET, HEAD'],
      ['GET', '/register', 405, 'POST'],
      ['PUT', `/customers/${EVE}`, 405, 'DELETE, GET, HEAD'],
      ['DELETE', '/customers', 405, 'GET, HEAD, POST'],
    ])('%s %s answers %d', async (method, path, status, allow) => {
      const response = await service.send(method, path);
      expect(response.status).toBe(status);
      expect(response.headers.get('allow')).toBe(allow);
      expect(await response.json()).toMatchObject({ status, status_code: 500 });
    });

    // In the original paths were prefixes, and DELETE accepted any word as a collection.
    it.each(['/customersXYZ', '/healthz', '/login/', '/customers/'])(
      'GET %s does not answer 200',
      async (path) => {
        expect([400, 404]).toContain((await service.send('GET', path)).status);
      },
    );

    it('GET /livez and /readyz answer 200', async () => {
      expect((await service.send('GET', '/livez')).status).toBe(200);
      expect((await service.send('GET', '/readyz')).status).toBe(200);
    });

    it('GET /health answers 200 in the shape and type of the original', async () => {
      const time = expect.stringMatching(/^\d{4}-\d\d-\d\d .* \+0000 UTC$/);
      expect(await ok(service.send('GET', '/health'))).toEqual({
        health: [
          { service: 'user', status: 'OK', time },
          { service: 'user-db', status: 'OK', time },
        ],
      });
    });

    it('GET /metrics answers 200 with the names of the original', async () => {
      await logIn(service, 'user', 'password');
      await service.send('GET', `/customers/${EVE}/cards`);
      const text = await (await service.send('GET', '/metrics')).text();
      for (const route of ['login', 'customers']) {
        expect(text).toMatch(
          new RegExp(
            `^request_duration_seconds_count\\{service="user",method="GET",status_code="200",route="${route}"\\} \\d+$`,
            'm',
          ),
        );
      }
    });

    it("makes the same number of store spans on every adapter, all under the request's span", async () => {
      const userID = await created('/register', { username: randomUUID(), password: 'x' });
      await logIn(service, 'user', 'password');
      const calls: [string, number, () => Promise<unknown>][] = [
        ['GET /login', 1, () => logIn(service, 'user', 'password')],
        [
          'POST /register',
          1,
          () => created('/register', { username: randomUUID(), password: 'x' }),
        ],
        ['GET /customers/{id}', 1, () => service.send('GET', `/customers/${EVE}`)],
        [
          'GET /customers/{id}/addresses',
          2,
          () => service.send('GET', `/customers/${EVE}/addresses`),
        ],
        ['GET /customers/{id}/cards', 2, () => service.send('GET', `/customers/${EVE}/cards`)],
        ['GET /addresses/{id}', 1, () => service.send('GET', `/addresses/${eveAddress.id}`)],
        ['GET /cards/{id}', 1, () => service.send('GET', `/cards/${eveCard.id}`)],
        ['POST /addresses', 2, () => created('/addresses', { userID })],
        ['POST /cards', 2, () => created('/cards', { longNum: '4111111111111111', userID })],
      ];
      for (const [route, expected, call] of calls) {
        service.spans.reset();
        await call();
        await until(() =>
          service.spans.getFinishedSpans().some(({ kind }) => kind === SpanKind.SERVER),
        );
        const spans = service.spans.getFinishedSpans();
        const server = spans.find(({ kind }) => kind === SpanKind.SERVER);
        const inner = spans.filter((span) => span !== server);
        expect([server?.name, inner.length]).toEqual([route, expected]);
        const parents = inner.map((span) => span.parentSpanContext?.spanId);
        expect(new Set(parents)).toEqual(new Set([server?.spanContext().spanId]));
      }
    });

    it('writes no password, hash, card number, ccv or e-mail into spans, logs or errors', async () => {
      const canary = {
        password: 'canary-password-7311',
        email: 'canary-7312@example.com',
        longNum: '4999731373137313',
        ccv: '7314',
      };
      const username = randomUUID();
      service.lines.length = 0;
      service.spans.reset();
      const answers: Response[] = [];
      const account = { username, ...canary };
      answers.push(await service.send('POST', '/register', account));
      const { id: userID } = (await answers[0]!.clone().json()) as { id: string };
      answers.push(
        await service.send('POST', '/register', account),
        await service.send('POST', '/register', { ...account, username: 5 }),
        await service.send('POST', '/register', JSON.stringify(account).slice(0, -1)),
        await service.send('POST', '/customers', { ...account, username: 'user' }),
        await logIn(service, username, canary.password),
        await logIn(service, username, `${canary.password}x`),
        await service.send('POST', '/cards', { ...canary, userID }),
        await service.send('POST', '/cards', { ...canary, userID: UNKNOWN }),
        await service.send('POST', '/cards', { ...canary, longNum: `${canary.longNum}x` }),
      );
      expect(answers.map(({ status }) => status)).toEqual([
        200, 409, 400, 400, 409, 200, 401, 200, 404, 400,
      ]);
      const bodies = await Promise.all(answers.map((answer) => answer.text()));
      const seen = service.spans
        .getFinishedSpans()
        .map(({ name: span, attributes, events, status }) => ({
          span,
          attributes,
          events,
          status,
        }));
      expect(seen.length).toBeGreaterThan(answers.length);
      expect(service.lines.length).toBeGreaterThan(0);
      const text = withoutIds([...bodies, ...service.lines, JSON.stringify(seen)].join('\n'));
      for (const secret of [...Object.values(canary), '$argon2']) {
        expect(text).not.toContain(secret);
      }
    });
  });
}
