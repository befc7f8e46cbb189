import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { ServiceUnderTest } from '@sockshop/service-testing';
import { startUser } from './running-user.ts';
import { ADAPTERS } from './stores.ts';

jest.setTimeout(30_000); // busy machines; hashes are slow by design

export const EVE = '57a98d98e4b00679b4a830af';
export const UNKNOWN = 'ffffffffffffffffffffffff';
export const ID = expect.stringMatching(/^[\da-f]{24}$/) as unknown; // typed any

export const customerJson = (
  id: string,
  firstName: string,
  lastName: string,
  username: string,
) => ({
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
export const linksOf = (kind: 'address' | 'card', id: string) => {
  const href = `http://user/${kind === 'card' ? 'cards' : 'addresses'}/${id}`;
  return { [kind]: { href }, self: { href } };
};
export const eve = customerJson(EVE, 'Eve', 'Berger', 'Eve_Berger');
export const eveAddress = {
  street: 'Whitelees Road',
  number: '246',
  country: 'United Kingdom',
  city: 'Glasgow',
  postcode: 'G67 3DL',
  id: '57a98d98e4b00679b4a830ad',
  _links: linksOf('address', '57a98d98e4b00679b4a830ad'),
};
export const eveCard = {
  longNum: '5953580604169678',
  expires: '08/39', // the original's ended in 2019
  ccv: '***',
  id: '57a98d98e4b00679b4a830ae',
  _links: linksOf('card', '57a98d98e4b00679b4a830ae'),
};

export async function ok(answer: Promise<Response>): Promise<unknown> {
  const response = await answer;
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/hal\+json(;|$)/);
  return response.json();
}

/** An error's whole body; `status_code` is 500 for the original's pages. What its front-end reads of any response to a GET is tested for all routes. */
export async function refused(answer: Promise<Response>, status: number, detail: unknown) {
  const response = await answer;
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const whole = (await response.json()) as Record<string, unknown>;
  const { _embedded, _links, ...body } = whole;
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

/** The service on one adapter of its store. */
export interface UserContext {
  readonly service: ServiceUnderTest;
  /** Posts what must be accepted, and returns the new id. */
  readonly created: (path: string, body: unknown) => Promise<string>;
  /** The length of a list. */
  readonly count: (path: string, key: string) => Promise<number>;
}

/** The tests on every adapter of the store. The service runs once the tests do. */
export function onEachStore(tests: (context: UserContext) => void): void {
  for (const { name, suite, url } of ADAPTERS) {
    suite(`user on ${name}`, () => {
      const service = new ServiceUnderTest();
      beforeAll(async () => {
        await startUser(url(), service);
        await service.ready();
      });
      afterAll(() => service.close());

      async function created(path: string, body: unknown): Promise<string> {
        const answer = (await ok(service.send('POST', path, body))) as { id: string };
        expect(answer).toEqual({ id: ID });
        return answer.id;
      }
      const count = async (path: string, key: string): Promise<number> => {
        const list = (await ok(service.send('GET', path))) as {
          _embedded: Record<string, unknown[]>;
        };
        return list._embedded[key]!.length;
      };
      tests({ service, created, count });
    });
  }
}
